import type { Context } from 'aws-lambda';
import type { Principal } from '#core/access/principal.ts';
import { AppError } from '#core/contract/api/errors.ts';
import type { Limits } from '#core/contract/model/limits.ts';
import { meterOf } from '#functions/limits/callers.ts';
import type { Verdict } from '#functions/limits/meter.ts';
import { machineTime } from '#stores/aws/clock.ts';
import { Tally } from './tally.ts';

/** The context of a call, with the state of its caller's limits for the response headers. */
export interface CountedContext extends Context {
  counted?: { limits: Limits; verdict: Verdict; now: number };
}

const refusals = new Tally('requestsRefused');

/** Counts a request against the limits of its caller; beyond them throws `rate_limited` with the seconds to wait. */
export const countRequest = async (context: CountedContext, principal: Principal): Promise<void> => {
  const meter = await meterOf(principal);
  const verdict = await meter.spend();
  const now = machineTime();
  context.counted = { limits: meter.limits, verdict, now };
  if (verdict.isAllowed) return refusals.write();
  const { tenantId, role } = principal;
  refusals.add(tenantId === undefined ? { role } : { tenant: tenantId });
  throw rateLimited(meter.limits, Math.max(1, secondsUntil(verdict.resetAt, now)));
};

const secondsUntil = (time: number, now: number) => Math.max(0, Math.ceil((time - now) / 1000));

const rateLimited = ({ requestsPerSecond, burst }: Limits, retryAfter: number) =>
  new AppError(
    'rate_limited',
    `The limit is ${requestsPerSecond} requests a second, with bursts of ${burst}. Retry in ${retryAfter} s.`,
    { retryAfter },
  );

/** The limit and what is left of it, in the headers of draft-ietf-httpapi-ratelimit-headers; none where no limit applies. */
export const limitHeaders = ({ counted }: CountedContext): Record<string, string> => {
  if (!counted) return {};
  const { limits, verdict, now } = counted;
  const window = Math.max(1, Math.ceil(limits.burst / limits.requestsPerSecond));
  return {
    'ratelimit-policy': `"default";q=${limits.burst};w=${window}`,
    ratelimit: `"default";r=${verdict.remaining};t=${secondsUntil(verdict.resetAt, now)}`,
  };
};
