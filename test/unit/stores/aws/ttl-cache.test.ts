import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TtlCache } from '#stores/aws/ttl-cache.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const cacheOf = <T>(maxKeys = 10) => new TtlCache<T>({ ttlMs: 1_000, maxKeys });

/** Reads that end when the test says so. */
const openReads = () => {
  const open: PromiseWithResolvers<string>[] = [];
  const read = () => {
    const started = Promise.withResolvers<string>();
    open.push(started);
    return started.promise;
  };
  return { open, read };
};

test('a value is read once while it is fresh, however many calls ask for it', async () => {
  const read = vi.fn(async () => 'value');
  const cache = cacheOf<string>();
  expect(await Promise.all([cache.get('a', read), cache.get('a', read)])).toEqual(['value', 'value']);
  vi.advanceTimersByTime(999);
  expect(await cache.get('a', read)).toBe('value');
  expect(read).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1);
  await cache.get('a', read);
  expect(read).toHaveBeenCalledTimes(2);
});

test('a value ages from when its read began: a slow read is stale when it ends, and replaces no later one', async () => {
  const { open, read } = openReads();
  const cache = cacheOf<string>();
  const first = cache.get('a', read);
  vi.advanceTimersByTime(1_001);
  const second = cache.get('a', read);
  expect(open).toHaveLength(2);
  open[1]!.resolve('new');
  open[0]!.resolve('old');
  expect(await Promise.all([first, second])).toEqual(['old', 'new']);
  expect(await cache.get('a', read)).toBe('new');
});

test('a refresh does not join a read that began before it', async () => {
  const { open, read } = openReads();
  const cache = cacheOf<string>();
  const begun = cache.get('a', read);
  vi.advanceTimersByTime(1);
  const fresh = cache.refresh('a', read);
  open[0]!.resolve('before the change');
  open[1]!.resolve('after the change');
  expect(await begun).toBe('before the change');
  expect(await fresh).toBe('after the change');
  expect(await cache.get('a', read)).toBe('after the change');
});

test('a failed read is not cached', async () => {
  const read = vi.fn(async () => 'value').mockRejectedValueOnce(new Error('away'));
  const cache = cacheOf<string>();
  await expect(cache.get('a', read)).rejects.toThrow('away');
  expect(await cache.get('a', read)).toBe('value');
});

test('each key has a value of its own, and the oldest key is evicted', async () => {
  const read = vi.fn(async (key: string) => `value of ${key}`);
  const cache = cacheOf<string>(2);
  const get = (key: string) => cache.get(key, () => read(key));
  for (const key of ['a', 'b', 'a', 'b']) expect(await get(key)).toBe(`value of ${key}`);
  expect(read).toHaveBeenCalledTimes(2);
  for (const key of ['c', 'b']) expect(await get(key)).toBe(`value of ${key}`);
  expect(read).toHaveBeenCalledTimes(3);
  await get('a');
  expect(read).toHaveBeenCalledTimes(4);
});

const next = async (cached: number | undefined) => (cached ?? 0) + 1;

test('a read is given the cached value, however old', async () => {
  const cache = cacheOf<number>();
  await cache.get('a', next);
  vi.advanceTimersByTime(5_000);
  expect(await cache.get('a', next)).toBe(2);
});

test('a fresh value that is no longer valid is read again', async () => {
  let isValid = true;
  const cache = new TtlCache<string>({ ttlMs: 1_000, maxKeys: 1, isValid: () => isValid });
  const read = vi.fn(async () => 'value');
  await cache.get('a', read);
  isValid = false;
  await cache.get('a', read);
  expect(read).toHaveBeenCalledTimes(2);
});
