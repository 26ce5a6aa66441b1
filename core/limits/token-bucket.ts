import type { Limits } from '#core/contract/model/limits.ts';

/**
 * Milliseconds in which so many tokens refill. A bucket is stored as one number, `fullAt`: when it will be full if
 * nothing more is taken, in milliseconds since 1970. Taking tokens adds the time in which they refill, so that many can
 * take at once without reading first.
 */
export const refillMs = ({ requestsPerSecond }: Limits, tokens: number) => (tokens * 1000) / requestsPerSecond;

/** The rounding error of times of this size, in milliseconds. */
const rounding = 0.001;

/** The latest `fullAt` of a bucket that holds at least so many tokens now. */
export const latestFullAt = (limits: Limits, tokens: number, now: number) =>
  now + refillMs(limits, limits.burst - tokens) + rounding;

/** When a bucket will hold so many tokens. */
export const holdsAt = (limits: Limits, fullAt: number, tokens: number) =>
  fullAt - refillMs(limits, limits.burst - tokens);

/** The whole tokens in the bucket now. */
export const tokensIn = (limits: Limits, fullAt: number, now: number) => {
  const missing = (Math.max(0, fullAt - now - rounding) * limits.requestsPerSecond) / 1000;
  return Math.max(0, Math.floor(limits.burst - missing));
};

export interface Taken {
  tokens: number;
  fullAt: number;
}

/** Takes as many of the wanted tokens as the bucket holds. */
export const takeTokens = (limits: Limits, fullAt: number, wanted: number, now: number): Taken => {
  const tokens = Math.min(wanted, tokensIn(limits, fullAt, now));
  return { tokens, fullAt: tokens === 0 ? fullAt : Math.max(fullAt, now) + refillMs(limits, tokens) };
};
