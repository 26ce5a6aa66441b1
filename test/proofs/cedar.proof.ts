import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { principalOf } from '#core/access/principal.ts';
import { anyRequest, type Comparison, decide, everyPair, productAllows } from './cedar/oracle.ts';
import { report, seeded } from './seeded.ts';

const requests = 1_000_000;

/** The comparison on every core, each with chance of its own. */
const compareOnEveryCore = async (seed: number): Promise<Comparison[]> => {
  const cores = Math.min(availableParallelism(), 8);
  const shares = Array.from({ length: cores }, (_none, core) => ({
    seed: seed + core,
    asked: Math.ceil(requests / cores),
  }));
  return Promise.all(
    shares.map(async (workerData) => {
      const worker = new Worker(new URL('cedar/compare-worker.ts', import.meta.url), { workerData });
      const [comparison] = (await once(worker, 'message')) as [Comparison];
      await worker.terminate();
      return comparison;
    }),
  );
};

test('the product decides as the rules written in Cedar do', async () => {
  const comparisons = await compareOnEveryCore(20_261_125);
  const sum = (count: (comparison: Comparison) => number) => comparisons.reduce((all, one) => all + count(one), 0);
  const disagreements = comparisons.flatMap((comparison) => comparison.disagreements);
  const asked = sum((comparison) => comparison.asked);
  const allowed = sum((comparison) => comparison.allowed);
  report('cedar', { asked, allowed, denied: asked - allowed, disagreements: disagreements.length });
  expect(disagreements.slice(0, 10)).toEqual([]);
  expect(asked).toBeGreaterThanOrEqual(requests);
  expect(comparisons.flatMap(({ pairs }) => pairs)).toEqual(expect.arrayContaining([...everyPair]));
});

test('the time of one decision about a known caller is told', () => {
  const random = seeded(1);
  const asked = Array.from({ length: 200_000 }, () => anyRequest(random)).filter(productAllows);
  const callers = asked.map((request) => [principalOf(request.claims), request] as const);
  const judgeAll = () => callers.filter(([principal, request]) => decide(principal, request)).length;
  expect(judgeAll()).toBe(asked.length);
  const began = performance.now();
  judgeAll();
  const microseconds = ((performance.now() - began) * 1_000) / asked.length;
  report('decision', { decisions: asked.length, microseconds: Number(microseconds.toFixed(3)), target: 2 });
});
