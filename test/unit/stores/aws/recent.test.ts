import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Recent, RecentByKey } from '#stores/aws/recent.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Readings that end when they are told to. */
const readings = () => {
  const open: PromiseWithResolvers<string>[] = [];
  const read = () => {
    const reading = Promise.withResolvers<string>();
    open.push(reading);
    return reading.promise;
  };
  return { open, read };
};

test('a value is read once in its time, however many ask', async () => {
  const read = vi.fn(async () => 'value');
  const recent = new Recent(1_000, read);
  expect(await Promise.all([recent.get(), recent.get()])).toEqual(['value', 'value']);
  vi.advanceTimersByTime(999);
  expect(recent.young).toBe('value');
  expect(await recent.get()).toBe('value');
  expect(read).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1);
  expect(recent.young).toBeUndefined();
  await recent.get();
  expect(read).toHaveBeenCalledTimes(2);
});

test('its age counts from when the reading began: a slow one is old when it comes', async () => {
  const { open, read } = readings();
  const recent = new Recent(1_000, read);
  const first = recent.get();
  vi.advanceTimersByTime(1_001);
  const second = recent.get();
  expect(open).toHaveLength(2);
  open[1]!.resolve('new');
  open[0]!.resolve('old');
  expect(await Promise.all([first, second])).toEqual(['old', 'new']);
  expect(recent.held).toBe('new');
});

test('a refresh joins no reading that began before it', async () => {
  const { open, read } = readings();
  const recent = new Recent(1_000, read);
  const begun = recent.get();
  vi.advanceTimersByTime(1);
  const fresh = recent.refresh();
  open[0]!.resolve('before the change');
  open[1]!.resolve('after the change');
  expect(await begun).toBe('before the change');
  expect(await fresh).toBe('after the change');
  expect(recent.young).toBe('after the change');
});

test('what failed is not remembered', async () => {
  const read = vi.fn(async () => 'value').mockRejectedValueOnce(new Error('away'));
  const recent = new Recent(1_000, read);
  await expect(recent.get()).rejects.toThrow('away');
  expect(await recent.get()).toBe('value');
});

test('each key has a value of its own, and the key that came first makes room', async () => {
  const read = vi.fn(async (key: string) => `value of ${key}`);
  const recent = new RecentByKey({ maxAgeMs: 1_000, most: 2, read });
  for (const key of ['a', 'b', 'a', 'b']) expect(await recent.of(key).get()).toBe(`value of ${key}`);
  expect(read).toHaveBeenCalledTimes(2);
  expect(await recent.of('c').get()).toBe('value of c');
  expect([recent.of('b').held, recent.of('a').held]).toEqual(['value of b', undefined]);
});

test('a reading is told what is held, however old', async () => {
  const read = vi.fn(async (_key: string, known: number | undefined) => (known ?? 0) + 1);
  const recent = new RecentByKey({ maxAgeMs: 1_000, most: 2, read });
  await recent.of('a').get();
  vi.advanceTimersByTime(5_000);
  expect(await recent.of('a').get()).toBe(2);
});
