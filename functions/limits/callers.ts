import { config } from '#config';
import type { Principal } from '#core/access/principal.ts';
import { digest } from '#core/audit/audit-chain.ts';
import type { Limits } from '#core/contract/model/limits.ts';
import { keys } from '#core/keys.ts';
import { limitsOf } from '#core/limits/limits-of.ts';
import { count, logFor } from '#functions/shell/telemetry.ts';
import { machineTime } from '#stores/aws/clock.ts';
import { RecentByKey } from '#stores/aws/recent.ts';
import { takeFromBucket } from '#stores/limits/token-buckets.ts';
import { findTenant } from '#stores/registry/tenants.ts';
import { Meter } from './meter.ts';

/** A change of a tenant's limits takes at most so long to reach a copy, in ms. */
const knownMs = 2_000;
const mostTenants = 10_000;

const tenantLimits = new RecentByKey<Limits>({
  maxAgeMs: knownMs,
  most: mostTenants,
  read: async (tenantId) => limitsOf(await findTenant(tenantId), config),
});

/** Beyond so many callers, a copy drops those that are idle. */
const manyCallers = 1_000;

const meters = new Map<string, Meter>();

/** The meter of a caller in this copy: its tenant's, or its own where it has no tenant. */
export const meterOf = async (principal: Principal): Promise<Meter> =>
  knownMeterOf(principal) ?? meterWith(principal, await tenantLimits.of(principal.tenantId ?? '').get());

/** The same, where the caller's limits are cached. */
export const knownMeterOf = (principal: Principal): Meter | undefined => {
  const { tenantId } = principal;
  const limits = tenantId === undefined ? config.limits : tenantLimits.of(tenantId).young;
  return limits && meterWith(principal, limits);
};

const meterWith = (principal: Principal, limits: Limits): Meter => {
  const { id, tenantId } = principal;
  const name = tenantId ?? `#${id}`;
  const known = meters.get(name);
  if (known && isSame(known.limits, limits)) return known;
  if (!known && meters.size >= manyCallers) forgetIdle();
  const meter = newMeter(principal, limits);
  meters.set(name, meter);
  return meter;
};

/** Other limits are another bucket, and so another meter. */
const isSame = (a: Limits, b: Limits) => a.requestsPerSecond === b.requestsPerSecond && a.burst === b.burst;

const forgetIdle = () => {
  const now = machineTime();
  for (const [name, meter] of meters) if (meter.isIdle(now)) meters.delete(name);
};

const newMeter = ({ id, tenantId }: Principal, limits: Limits) => {
  const key = tenantId === undefined ? keys.principalBucket(digest(id), limits) : keys.tenantBucket(tenantId, limits);
  return new Meter({
    limits,
    take: (wanted, fullAt, now) => takeFromBucket({ key, limits, wanted, fullAt, now }),
    onUnavailable: (error) => {
      const cause = error instanceof Error ? error : new Error(String(error));
      logFor({ function: 'limits', requestId: '', tenantId }).warn('This copy keeps the limit alone', cause);
      count('limitsUnavailable');
    },
  });
};
