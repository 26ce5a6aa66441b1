import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';

// Metrics go to the console, where a test can read them, only so; it is read when they are made.
vi.hoisted(() => vi.resetModules().stubEnv('POWERTOOLS_DEV', 'true').stubEnv('POWERTOOLS_METRICS_DISABLED', 'false'));
afterAll(() => void vi.unstubAllEnvs());
const { countEvaluations } = await import('#functions/flags/evaluation-counts.ts');

interface Line {
  tenant: string;
  FlagEvaluations: number;
}
let told: [string, number][];

beforeEach(() => {
  vi.useFakeTimers({ now: 1_800_000_000_000 });
  told = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => {
    const { tenant, FlagEvaluations } = JSON.parse(line) as Line;
    told.push([tenant, FlagEvaluations]);
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test('evaluations are told by tenant, once a second, and each once', () => {
  for (const tenant of ['tn_a', 'tn_b', 'tn_a']) countEvaluations(tenant, 10);
  vi.advanceTimersByTime(999);
  countEvaluations('tn_a', 1);
  expect(told).toEqual([]);
  vi.advanceTimersByTime(1);
  countEvaluations('tn_c', 1);
  expect(told).toEqual([
    ['tn_a', 21],
    ['tn_b', 10],
  ]);
  vi.advanceTimersByTime(1_000);
  countEvaluations('tn_a', 1);
  expect(told.slice(2)).toEqual([['tn_c', 1]]);
});
