import type { Limits } from '#core/contract/model/limits.ts';
import { holdsAt, type Taken } from './token-bucket.ts';

/** How long leased tokens are good for: the burst may be exceeded by what refills in this time, and by no more. */
export const leaseMs = 1_000;

/** An empty bucket is asked again once this much has refilled: a flood costs each copy ten asks a second. */
const patienceMs = 100;

/** What one copy of a function holds of a caller's bucket, and knows of it. */
export interface Share {
  /** Leased and not yet spent. */
  tokens: number;
  /** How many the lease brought. */
  leased: number;
  /** Until when they may be spent. */
  goodUntil: number;
  /** Until when it is in vain to ask for more. */
  emptyUntil: number;
  /** The bucket as it was when it was last asked. */
  fullAt: number;
}

export const newShare = (): Share => ({ tokens: 0, leased: 0, goodUntil: 0, emptyUntil: 0, fullAt: 0 });

/** What becomes of a request: it spends a token of the share, or is refused, or the bucket must be asked first. */
export const judge = ({ tokens, goodUntil, emptyUntil }: Share, now: number): 'spend' | 'refuse' | 'ask' => {
  if (tokens > 0 && now < goodUntil) return 'spend';
  return now < emptyUntil ? 'refuse' : 'ask';
};

/**
 * How many tokens to ask for: one for each request that waits, or as many as the lease before found use for, and twice
 * that if it did not last. At most a tenth of the burst and what refills in a second, so that copies do not hoard.
 */
export const leaseSize = (limits: Limits, { tokens, leased, goodUntil }: Share, waiting: number, now: number) => {
  const most = Math.max(1, Math.floor(Math.min(limits.burst / 10, limits.requestsPerSecond)));
  const isOld = now >= goodUntil + leaseMs;
  const foreseen = tokens > 0 ? leased - tokens : 2 * leased;
  return Math.min(most, Math.max(1, waiting, isOld ? 0 : foreseen));
};

/** The share after the bucket gave `taken` of the tokens asked for. What was left of the lease before is forfeit. */
export const leasedShare = (limits: Limits, asked: number, { tokens, fullAt }: Taken, now: number): Share => {
  const enough = Math.min(limits.burst, Math.max(1, Math.ceil((limits.requestsPerSecond * patienceMs) / 1000)));
  return {
    tokens,
    leased: tokens,
    goodUntil: now + leaseMs,
    emptyUntil: tokens < asked ? holdsAt(limits, fullAt, enough) : now,
    fullAt,
  };
};
