import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { holdsAt, takeTokens, tokensIn } from '#core/limits/token-bucket.ts';

const limits = { requestsPerSecond: 10, burst: 5 };
const someLimits = fc.record({
  requestsPerSecond: fc.double({ min: 0.1, max: 1_000, noNaN: true }),
  burst: fc.integer({ min: 1, max: 1_000 }),
});
const now = 1_764_000_000_000;

test('a new bucket is full, and stays at its burst', () => {
  expect(tokensIn(limits, 0, now)).toBe(5);
  expect(tokensIn(limits, now - 1e9, now)).toBe(5);
});

test('gives what it holds, and no more', () => {
  const first = takeTokens(limits, 0, 3, now);
  expect(first).toEqual({ tokens: 3, fullAt: now + 300 });
  const second = takeTokens(limits, first.fullAt, 3, now);
  expect(second).toEqual({ tokens: 2, fullAt: now + 500 });
  expect(takeTokens(limits, second.fullAt, 1, now)).toEqual({ tokens: 0, fullAt: now + 500 });
});

test('refills at its rate, token by token', () => {
  const { fullAt } = takeTokens(limits, 0, 5, now);
  expect(tokensIn(limits, fullAt, now + 99)).toBe(0);
  expect(tokensIn(limits, fullAt, now + 100)).toBe(1);
  expect(tokensIn(limits, fullAt, now + 250)).toBe(2);
  expect(holdsAt(limits, fullAt, 1)).toBe(now + 100);
});

test('holds predicted tokens at the predicted time, and not a millisecond earlier', () => {
  fc.assert(
    fc.property(someLimits, fc.integer({ min: 1, max: 1_000 }), (some, wanted) => {
      const { fullAt } = takeTokens(some, 0, some.burst, now);
      const tokens = Math.min(wanted, some.burst);
      const then = holdsAt(some, fullAt, tokens);
      expect(tokensIn(some, fullAt, then + 0.001)).toBeGreaterThanOrEqual(tokens);
      expect(tokensIn(some, fullAt, then - 1)).toBeLessThan(tokens + some.requestsPerSecond / 1000);
    }),
  );
});

test('no window of time gives more than the burst and what refills in it', () => {
  const asks = fc.array(fc.record({ after: fc.nat({ max: 3_000 }), wanted: fc.integer({ min: 1, max: 50 }) }), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(someLimits, asks, (some, sequence) => {
      let fullAt = 0;
      let time = now;
      const takes = sequence.map(({ after, wanted }) => {
        time += after;
        const taken = takeTokens(some, fullAt, wanted, time);
        fullAt = taken.fullAt;
        return { time, tokens: taken.tokens };
      });
      for (const [from, { time: start }] of takes.entries()) {
        let sum = 0;
        for (const take of takes.slice(from)) {
          sum += take.tokens;
          const refilled = ((take.time - start) * some.requestsPerSecond) / 1000;
          expect(sum).toBeLessThanOrEqual(some.burst + refilled + 0.001);
        }
      }
    }),
  );
});
