import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Limits } from '#core/contract/model/limits.ts';
import { takeTokens } from '#core/limits/token-bucket.ts';
import { leaseMs } from '#core/limits/token-lease.ts';
import { Meter } from '#functions/limits/meter.ts';

const began = 1_764_000_000_000;

/** Copies of a function that share one bucket and one clock; `asked` counts the calls to the bucket. */
const copiesOf = (limits: Limits, copies: number) => {
  const shared = { now: began, fullAt: 0, asked: 0, isDown: false, patience: 0, failures: 0 };
  const meters = Array.from(
    { length: copies },
    () =>
      new Meter({
        limits,
        clock: () => shared.now,
        onUnavailable: () => {
          shared.failures += 1;
        },
        take: async (wanted, _fullAt, now) => {
          shared.asked += 1;
          await Promise.resolve();
          if (shared.isDown) {
            shared.now += shared.patience;
            throw new Error('The table does not answer.');
          }
          const taken = takeTokens(limits, shared.fullAt, wanted, now);
          shared.fullAt = taken.fullAt;
          return taken;
        },
      }),
  );
  const taken = async (copy: number) => (await meters[copy % copies]!.spend()).isAllowed;
  /** How many of so many requests at once are taken. */
  const takenOf = async (requests: number) =>
    (await Promise.all(Array.from({ length: requests }, (_value, index) => taken(index)))).filter(Boolean).length;
  return { shared, meters, taken, takenOf };
};

describe('a caller', () => {
  test('may use its burst at once, and is then refused until a token has refilled', async () => {
    const { shared, meters, takenOf } = copiesOf({ requestsPerSecond: 0.5, burst: 10 }, 1);
    expect(await takenOf(30)).toBe(10);
    expect(await meters[0]!.spend()).toEqual({ isAllowed: false, remaining: 0, resetAt: began + 2_000 });
    shared.now += 1_999;
    expect(await takenOf(5)).toBe(0);
    shared.now += 1;
    expect(await takenOf(5)).toBe(1);
  });

  test('below its rate is never refused, whichever instances serve it', async () => {
    const { shared, taken } = copiesOf({ requestsPerSecond: 50, burst: 100 }, 7);
    for (let request = 0; request < 2_000; request += 1) {
      expect(await taken(request * 13)).toBe(true);
      shared.now += 22;
    }
  });

  test('gets what its rate allows, however many requests it sends', async () => {
    const { shared, takenOf } = copiesOf({ requestsPerSecond: 50, burst: 100 }, 3);
    let taken = 0;
    for (let tick = 0; tick < 1_000; tick += 1) {
      taken += await takenOf(6);
      shared.now += 10;
    }
    expect(taken).toBeGreaterThanOrEqual(100 + 50 * 9.5);
    expect(taken).toBeLessThanOrEqual(100 + 50 * 10);
  });

  test('learns how many requests remain', async () => {
    const { meters } = copiesOf({ requestsPerSecond: 1, burst: 3 }, 1);
    const remaining = [];
    for (let request = 0; request < 3; request += 1) remaining.push((await meters[0]!.spend()).remaining);
    expect(remaining).toEqual([2, 1, 0]);
  });
});

test('no window of time allows more than burst, refill, and what refills in the lifetime of a lease', async () => {
  const someLimits = fc.record({
    requestsPerSecond: fc.double({ min: 0.5, max: 200, noNaN: true }),
    burst: fc.integer({ min: 1, max: 100 }),
  });
  const waves = fc.array(
    fc.record({
      after: fc.integer({ min: 0, max: 1_500 }),
      requests: fc.integer({ min: 1, max: 60 }),
      copy: fc.nat({ max: 8 }),
    }),
    { minLength: 1, maxLength: 25 },
  );
  await fc.assert(
    fc.asyncProperty(someLimits, fc.integer({ min: 1, max: 9 }), waves, async (limits, copies, sequence) => {
      const { shared, taken } = copiesOf(limits, copies);
      const admitted: number[] = [];
      for (const { after, requests, copy } of sequence) {
        shared.now += after;
        const all = await Promise.all(Array.from({ length: requests }, (_value, index) => taken(copy + (index % 3))));
        admitted.push(...all.filter(Boolean).map(() => shared.now));
      }
      for (const [first, start] of admitted.entries()) {
        for (const [last, end] of admitted.entries()) {
          if (last < first) continue;
          const most = limits.burst + (limits.requestsPerSecond * (end - start + leaseMs)) / 1000;
          expect(last - first + 1).toBeLessThanOrEqual(most + 0.001);
        }
      }
    }),
    { numRuns: 60 },
  );
});

describe('the bucket', () => {
  test('is called for few of many requests', async () => {
    const { shared, taken } = copiesOf({ requestsPerSecond: 500, burst: 1_000 }, 1);
    for (let request = 0; request < 1_000; request += 1) {
      expect(await taken(0)).toBe(true);
      shared.now += 4;
    }
    expect(shared.asked).toBeLessThan(25);
  });

  test('is called at most ten times a second by an instance that refuses a flood', async () => {
    const { shared, takenOf } = copiesOf({ requestsPerSecond: 50, burst: 100 }, 1);
    await takenOf(1_000);
    shared.asked = 0;
    for (let tick = 0; tick < 1_000; tick += 1) {
      await takenOf(10);
      shared.now += 10;
    }
    // Five come back in each tenth of a second: they are asked for once, and found to be all.
    expect(shared.asked).toBeLessThanOrEqual(2 * 10 * 10);
  });

  test('is called once for all waiting requests', async () => {
    const { shared, takenOf } = copiesOf({ requestsPerSecond: 500, burst: 1_000 }, 1);
    await takenOf(50);
    expect(shared.asked).toBe(2);
  });
});

describe('while the bucket is unavailable', () => {
  test('each instance enforces the limits by itself, and tries the bucket once a second', async () => {
    const { shared, takenOf } = copiesOf({ requestsPerSecond: 1, burst: 10 }, 2);
    shared.isDown = true;
    expect(await takenOf(100)).toBe(20);
    expect(shared.failures).toBe(2);
    shared.now += 999;
    await takenOf(100);
    expect(shared.failures).toBe(2);
    shared.now += 1_001;
    expect(await takenOf(100)).toBe(4);
    expect(shared.failures).toBe(4);
  });

  test('only one request per second waits for it', async () => {
    const { shared, taken } = copiesOf({ requestsPerSecond: 1, burst: 10 }, 1);
    shared.isDown = true;
    shared.patience = 1_000;
    for (let request = 0; request < 5; request += 1) expect(await taken(0)).toBe(true);
    expect(shared.failures).toBe(1);
  });

  test('the shared limit applies again once it is available', async () => {
    const { shared, takenOf } = copiesOf({ requestsPerSecond: 1, burst: 10 }, 2);
    shared.isDown = true;
    await takenOf(2);
    shared.isDown = false;
    shared.now += 20_000;
    expect(await takenOf(100)).toBe(10);
  });
});
