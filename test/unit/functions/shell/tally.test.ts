import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';

// Only in this mode does Powertools write metrics to the console, where a test can read them; it reads the mode on import.
vi.hoisted(() => vi.resetModules().stubEnv('POWERTOOLS_DEV', 'true').stubEnv('POWERTOOLS_METRICS_DISABLED', 'false'));
afterAll(() => void vi.unstubAllEnvs());
const { Tally } = await import('#functions/shell/tally.ts');

interface Line {
  tenant: string;
  FlagEvaluations: number;
}
let written: [string, number][];

beforeEach(() => {
  vi.useFakeTimers({ now: 1_800_000_000_000 });
  written = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => {
    const { tenant, FlagEvaluations } = JSON.parse(line) as Line;
    written.push([tenant, FlagEvaluations]);
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test('events are summed by their dimensions and written once a second, each once', () => {
  const tally = new Tally('flagEvaluations');
  for (const tenant of ['tn_a', 'tn_b', 'tn_a']) tally.add({ tenant }, 10);
  vi.advanceTimersByTime(999);
  tally.add({ tenant: 'tn_a' });
  expect(written).toEqual([]);
  vi.advanceTimersByTime(1);
  tally.add({ tenant: 'tn_c' });
  expect(written).toEqual([
    ['tn_a', 21],
    ['tn_b', 10],
  ]);
  vi.advanceTimersByTime(1_000);
  tally.write();
  expect(written.slice(2)).toEqual([['tn_c', 1]]);
});
