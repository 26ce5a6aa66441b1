import { config } from '#config';
import type { Principal } from '#core/access/principal.ts';
import { digest } from '#core/audit/audit-chain.ts';
import type { Limits } from '#core/contract/limits.ts';
import { keys } from '#core/keys.ts';
import { limitsOf } from '#core/limits/limits-of.ts';
import { count, logFor } from '#functions/shell/telemetry.ts';
import { findTenant } from '#stores/tenant-registry.ts';
import { takeFromBucket } from '#stores/token-buckets.ts';
import { Meter } from './meter.ts';

interface Known {
  meter: Meter;
  /** Until when its limits are taken for what the record says. */
  until: number;
  reading?: Promise<Limits> | undefined;
}

/** A change of a tenant's limits takes at most so long to reach a copy. */
const knownMs = 2_000;

/** Beyond so many, callers that a copy need not remember are forgotten. */
const manyCallers = 1_000;

const callers = new Map<string, Known>();

/** The meter of a caller in this copy: the tenant's, whoever of it calls; of who has no tenant, the principal's own. */
export const meterOf = async (principal: Principal): Promise<Meter> => {
  const name = principal.tenantId ?? `#${principal.id}`;
  const known = callers.get(name);
  if (known && Date.now() < known.until) return known.meter;
  if (principal.tenantId === undefined) return remembered(name, principal, config.limits, Number.POSITIVE_INFINITY);
  return remembered(name, principal, await limitsRead(principal.tenantId, known), Date.now() + knownMs);
};

/** Other limits are another bucket, and so another meter. */
const remembered = (name: string, principal: Principal, limits: Limits, until: number): Meter => {
  const before = callers.get(name)?.meter;
  const isSame = before?.limits.requestsPerSecond === limits.requestsPerSecond && before.limits.burst === limits.burst;
  const meter = before && isSame ? before : newMeter(principal, limits);
  if (!before && callers.size >= manyCallers) forgetIdle();
  callers.set(name, { meter, until });
  return meter;
};

const forgetIdle = () => {
  const now = Date.now();
  for (const [name, { meter }] of callers) if (meter.isIdle(now)) callers.delete(name);
};

/** Those who come while the record is read wait for it too. What is known holds while the record cannot be read. */
const limitsRead = async (tenantId: string, known: Known | undefined): Promise<Limits> => {
  const read = async () => limitsOf(await findTenant(tenantId), config);
  if (!known) return read();
  known.reading ??= read().catch((error: unknown) => {
    unavailable(tenantId)(error);
    return known.meter.limits;
  });
  return known.reading;
};

const newMeter = ({ id, tenantId }: Principal, limits: Limits) => {
  const key = tenantId === undefined ? keys.principalBucket(digest(id), limits) : keys.tenantBucket(tenantId, limits);
  return new Meter({
    limits,
    take: (wanted, fullAt, now) => takeFromBucket({ key, limits, wanted, fullAt, now }),
    onUnavailable: unavailable(tenantId),
  });
};

const unavailable = (tenantId: string | undefined) => (error: unknown) => {
  const cause = error instanceof Error ? error : new Error(String(error));
  logFor({ function: 'limits', requestId: '', tenantId }).warn('Limits are kept by this copy alone', cause);
  count('limitsUnavailable');
};
