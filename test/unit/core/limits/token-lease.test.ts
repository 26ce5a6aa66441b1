import { describe, expect, test } from 'vitest';
import { decide, leaseMs, leaseSize, newLease, noLease, type TokenLease } from '#core/limits/token-lease.ts';

const limits = { requestsPerSecond: 50, burst: 100 };
const now = 1_764_000_000_000;
const aLease = (changes: Partial<TokenLease> = {}): TokenLease => ({
  ...noLease(),
  tokens: 4,
  leased: 4,
  expiresAt: now + leaseMs,
  fullAt: now,
  ...changes,
});

/** The lease after a bucket that is full again at `fullAt` gave nothing. */
const emptied = (some: typeof limits, fullAt: number) => newLease(some, 5, { tokens: 0, fullAt }, now);

describe('a request', () => {
  test('spends a leased token until the lease expires', () => {
    expect(decide(aLease(), now)).toBe('spend');
    expect(decide(aLease(), now + leaseMs)).toBe('lease');
  });

  test('leases more when no token is left', () => {
    expect(decide(aLease({ tokens: 0 }), now)).toBe('lease');
  });

  test('is refused without a call while the empty bucket refills', () => {
    const empty = aLease({ tokens: 0, emptyUntil: now + 100 });
    expect(decide(empty, now + 99)).toBe('refuse');
    expect(decide(empty, now + 100)).toBe('lease');
  });

  test('still spends the last tokens of the bucket', () => {
    expect(decide(aLease({ tokens: 1, emptyUntil: now + 100 }), now)).toBe('spend');
  });
});

describe('a lease', () => {
  test('begins with one token, since an idle tenant needs no more', () => {
    expect(leaseSize(limits, noLease(), 1, now)).toBe(1);
  });

  test('covers all waiting requests', () => {
    expect(leaseSize(limits, noLease(), 7, now)).toBe(7);
  });

  test('doubles when the previous one ran out', () => {
    expect(leaseSize(limits, aLease({ tokens: 0 }), 1, now)).toBe(8);
  });

  test('shrinks to what the previous one used when tokens were left', () => {
    expect(leaseSize(limits, aLease({ tokens: 1 }), 1, now + leaseMs)).toBe(3);
  });

  test('ignores a previous one that expired long ago', () => {
    expect(leaseSize(limits, aLease({ tokens: 0 }), 1, now + 2 * leaseMs)).toBe(1);
  });

  test.for([
    ['a tenth of the burst', { requestsPerSecond: 1_000, burst: 100 }, 10],
    ['what refills in a second', { requestsPerSecond: 3, burst: 100 }, 3],
    ['one, of the smallest bucket', { requestsPerSecond: 0.1, burst: 1 }, 1],
  ] as const)('is never more than %s', ([, some, most]) => {
    expect(leaseSize(some, noLease(), 500, now)).toBe(most);
  });
});

describe('an empty bucket', () => {
  test('is left alone until a tenth of a second’s worth has refilled', () => {
    expect(emptied(limits, now + 2_000).emptyUntil).toBe(now + 100);
  });

  test('is left alone until one token has refilled, where that takes longer', () => {
    expect(emptied({ requestsPerSecond: 0.5, burst: 1 }, now + 2_000).emptyUntil).toBe(now + 2_000);
  });

  test('that gave only some of the wanted tokens is not asked again at once', () => {
    const { tokens, emptyUntil } = newLease(limits, 5, { tokens: 2, fullAt: now + 2_000 }, now);
    expect({ tokens, emptyUntil }).toEqual({ tokens: 2, emptyUntil: now + 100 });
  });
});
