import type { Limits } from '#core/contract/model/limits.ts';
import { holdsAt, type Taken } from './token-bucket.ts';

/** How long leased tokens may be spent: the burst may be exceeded by what refills in this time, and by no more. */
export const leaseMs = 1_000;

/** An empty bucket is asked again once this much has refilled: a flood costs each instance ten calls a second. */
const patienceMs = 100;

/** The tokens one instance of a function holds of a caller's bucket, and what it knows of that bucket. Times are in milliseconds since 1970. */
export interface TokenLease {
  /** Leased and not yet spent. */
  tokens: number;
  /** How many tokens the lease began with. */
  leased: number;
  expiresAt: number;
  /** The bucket is empty until then. */
  emptyUntil: number;
  /** When the bucket will be full, as of the last answer. */
  fullAt: number;
}

export const noLease = (): TokenLease => ({ tokens: 0, leased: 0, expiresAt: 0, emptyUntil: 0, fullAt: 0 });

/** What to do with a request: spend a leased token, refuse it, or lease more tokens first. */
export const decide = ({ tokens, expiresAt, emptyUntil }: TokenLease, now: number): 'spend' | 'refuse' | 'lease' => {
  if (tokens > 0 && now < expiresAt) return 'spend';
  return now < emptyUntil ? 'refuse' : 'lease';
};

/**
 * How many tokens to lease: one for each waiting request, or as many as the previous lease used, and twice that if it
 * ran out. At most a tenth of the burst and what refills in a second, so that instances do not hoard.
 */
export const leaseSize = (limits: Limits, { tokens, leased, expiresAt }: TokenLease, waiting: number, now: number) => {
  const most = Math.max(1, Math.floor(Math.min(limits.burst / 10, limits.requestsPerSecond)));
  const isOld = now >= expiresAt + leaseMs;
  const expected = tokens > 0 ? leased - tokens : 2 * leased;
  return Math.min(most, Math.max(1, waiting, isOld ? 0 : expected));
};

/** The lease after the bucket gave `taken` of the `wanted` tokens. What was left of the previous lease is forfeit. */
export const newLease = (limits: Limits, wanted: number, { tokens, fullAt }: Taken, now: number): TokenLease => {
  const enough = Math.min(limits.burst, Math.max(1, Math.ceil((limits.requestsPerSecond * patienceMs) / 1000)));
  return {
    tokens,
    leased: tokens,
    expiresAt: now + leaseMs,
    emptyUntil: tokens < wanted ? holdsAt(limits, fullAt, enough) : now,
    fullAt,
  };
};
