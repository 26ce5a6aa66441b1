import { describe, expect, test } from 'vitest';
import { judge, leasedShare, leaseMs, leaseSize, newShare, type Share } from '#core/limits/share.ts';

const limits = { requestsPerSecond: 50, burst: 100 };
const now = 1_764_000_000_000;
const aShare = (changes: Partial<Share> = {}): Share => ({
  ...newShare(),
  tokens: 4,
  leased: 4,
  goodUntil: now + leaseMs,
  fullAt: now,
  ...changes,
});

/** The share after a bucket that is full again at `fullAt` gave nothing. */
const emptied = (some: typeof limits, fullAt: number) => leasedShare(some, 5, { tokens: 0, fullAt }, now);

describe('a request', () => {
  test('spends what is leased, while the lease is good', () => {
    expect(judge(aShare(), now)).toBe('spend');
    expect(judge(aShare(), now + leaseMs)).toBe('ask');
  });

  test('has the bucket asked when nothing is left', () => {
    expect(judge(aShare({ tokens: 0 }), now)).toBe('ask');
  });

  test('is refused without asking until the empty bucket can have refilled', () => {
    const empty = aShare({ tokens: 0, emptyUntil: now + 100 });
    expect(judge(empty, now + 99)).toBe('refuse');
    expect(judge(empty, now + 100)).toBe('ask');
  });

  test('still spends what the last of the bucket brought', () => {
    expect(judge(aShare({ tokens: 1, emptyUntil: now + 100 }), now)).toBe('spend');
  });
});

describe('a lease', () => {
  test('begins with one token, since an idle tenant needs no more', () => {
    expect(leaseSize(limits, newShare(), 1, now)).toBe(1);
  });

  test('is for all who wait', () => {
    expect(leaseSize(limits, newShare(), 7, now)).toBe(7);
  });

  test('doubles while it does not last', () => {
    expect(leaseSize(limits, aShare({ tokens: 0 }), 1, now)).toBe(8);
  });

  test('shrinks to what was used of one that outlasted its use', () => {
    expect(leaseSize(limits, aShare({ tokens: 1 }), 1, now + leaseMs)).toBe(3);
  });

  test('forgets what was used long ago', () => {
    expect(leaseSize(limits, aShare({ tokens: 0 }), 1, now + 2 * leaseMs)).toBe(1);
  });

  test.for([
    ['a tenth of the burst', { requestsPerSecond: 1_000, burst: 100 }, 10],
    ['what refills in a second', { requestsPerSecond: 3, burst: 100 }, 3],
    ['one, of the smallest bucket', { requestsPerSecond: 0.1, burst: 1 }, 1],
  ] as const)('is never more than %s', ([, some, most]) => {
    expect(leaseSize(some, newShare(), 500, now)).toBe(most);
  });
});

describe('an empty bucket', () => {
  test('is left alone until a tenth of a second’s worth has refilled, not asked for every token', () => {
    expect(emptied(limits, now + 2_000).emptyUntil).toBe(now + 100);
  });

  test('is left alone as long as one token takes, where that is longer', () => {
    expect(emptied({ requestsPerSecond: 0.5, burst: 1 }, now + 2_000).emptyUntil).toBe(now + 2_000);
  });

  test('that gave a part of what was asked for is not asked again at once', () => {
    const { tokens, emptyUntil } = leasedShare(limits, 5, { tokens: 2, fullAt: now + 2_000 }, now);
    expect({ tokens, emptyUntil }).toEqual({ tokens: 2, emptyUntil: now + 100 });
  });
});
