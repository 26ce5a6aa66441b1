import type { Context } from 'aws-lambda';
import type { Principal } from '#core/access/principal.ts';
import { AppError } from '#core/contract/api/errors.ts';
import type { Limits } from '#core/contract/model/limits.ts';
import { knownMeterOf, meterOf } from '#functions/limits/callers.ts';
import type { Verdict } from '#functions/limits/meter.ts';
import { countRefusal, tellRefusals } from '#functions/limits/refusals.ts';
import { machineTime } from '#stores/aws/clock.ts';

/** The context of a call, with what was found of its caller's limits, for the headers of its answer. */
export interface CountedContext extends Context {
  counted?: { limits: Limits; verdict: Verdict; now: number };
}

/** Counts a request against the limits of its caller; `rate_limited`, with the seconds to wait, beyond them. */
export const countRequest = async (context: CountedContext, principal: Principal): Promise<void> => {
  const meter = knownMeterOf(principal) ?? (await meterOf(principal));
  const verdict = meter.spendLeased() ?? (await meter.spend());
  const now = machineTime();
  context.counted = { limits: meter.limits, verdict, now };
  if (!verdict.isTaken) countRefusal(principal);
  tellRefusals(now);
  if (!verdict.isTaken) throw beyond(meter.limits, Math.max(1, secondsUntil(verdict.resetAt, now)));
};

const secondsUntil = (time: number, now: number) => Math.max(0, Math.ceil((time - now) / 1000));

const beyond = ({ requestsPerSecond, burst }: Limits, retryAfter: number) =>
  new AppError(
    'rate_limited',
    `At most ${requestsPerSecond} requests a second, and ${burst} at once. Ask again in ${retryAfter} s.`,
    { retryAfter },
  );

/** The limit and what is left of it, as draft-ietf-httpapi-ratelimit-headers has it; nothing for what is not limited. */
export const limitHeaders = ({ counted }: CountedContext): Record<string, string> => {
  if (!counted) return {};
  const { limits, verdict, now } = counted;
  const window = Math.max(1, Math.ceil(limits.burst / limits.requestsPerSecond));
  return {
    'ratelimit-policy': `"default";q=${limits.burst};w=${window}`,
    ratelimit: `"default";r=${verdict.remaining};t=${secondsUntil(verdict.resetAt, now)}`,
  };
};
