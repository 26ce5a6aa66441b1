import { config } from '#config';
import type { Principal } from '#core/access/principal.ts';
import { digest } from '#core/audit/audit-chain.ts';
import type { Limits } from '#core/contract/model/limits.ts';
import { keys } from '#core/keys.ts';
import { limitsOf } from '#core/limits/limits-of.ts';
import { count, logFor } from '#functions/shell/telemetry.ts';
import { TtlCache } from '#stores/aws/ttl-cache.ts';
import { takeFromBucket } from '#stores/limits/token-buckets.ts';
import { findTenant } from '#stores/registry/tenants.ts';
import { Meter } from './meter.ts';

/** A change of a tenant's limits takes effect within this time. */
const meters = new TtlCache<Meter>({ ttlMs: 2_000, maxKeys: 10_000 });

/** This instance's meter for a caller: one per tenant, or one per principal that belongs to no tenant. */
export const meterOf = (principal: Principal): Promise<Meter> => {
  const { id, tenantId } = principal;
  return meters.get(tenantId ?? `#${id}`, async (cached) => {
    const limits = tenantId === undefined ? config.limits : limitsOf(await findTenant(tenantId), config);
    return cached && isSame(cached.limits, limits) ? cached : newMeter(principal, limits);
  });
};

/** Other limits mean another bucket, and so another meter. */
const isSame = (a: Limits, b: Limits) => a.requestsPerSecond === b.requestsPerSecond && a.burst === b.burst;

const newMeter = ({ id, tenantId }: Principal, limits: Limits) => {
  const key = tenantId === undefined ? keys.principalBucket(digest(id), limits) : keys.tenantBucket(tenantId, limits);
  return new Meter({
    limits,
    take: (wanted, fullAt, now) => takeFromBucket({ key, limits, wanted, fullAt, now }),
    onUnavailable: (error) => {
      const cause = error instanceof Error ? error : new Error(String(error));
      const log = logFor({ function: 'limits', requestId: '', tenantId });
      log.warn('The token bucket is unavailable; this instance enforces the limit by itself.', cause);
      count('limitsUnavailable');
    },
  });
};
