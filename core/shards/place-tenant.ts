import { createHash } from 'node:crypto';
import { AppError } from '#core/contract/api/errors.ts';
import type { Shard } from '#core/contract/model/shard.ts';
import type { Placement } from '#core/contract/model/tenant.ts';
import { shardClassOf } from '#core/contract/model/tiers.ts';
import type { TenantRecord } from '#core/tenant/tenant-record.ts';

/** Where pooled tenants live on every shared shard. */
export const poolNamespace = 'pool';

/** The first 16 bits of the id's SHA-256: ids are time-ordered, their hashes are spread evenly. */
export const hashOfTenant = (tenantId: string) => createHash('sha256').update(tenantId).digest().readUInt16BE(0);

/** The shards that may take the tenant, best first; silo tenants begin at different spares, so that they seldom meet. */
export const candidateShards = (shards: readonly Shard[], tenant: TenantRecord): Shard[] => {
  const hash = hashOfTenant(tenant.tenantId);
  const wanted = shardClassOf(tenant.isolation);
  const fitting = shards
    .filter((shard) => shard.class === wanted && shard.region === tenant.region)
    .filter((shard) => shard.state === 'open' && shard.count < shard.capacity)
    .filter(({ range }) => range === undefined || (range.from <= hash && hash <= range.to));
  const first = fitting.length === 0 ? 0 : hash % fitting.length;
  return [...fitting.slice(first), ...fitting.slice(0, first)];
};

export const placementOn = (shard: Shard, tenant: TenantRecord): Placement => ({
  shardId: shard.shardId,
  namespace: tenant.isolation === 'pool' ? poolNamespace : tenant.tenantId,
  epoch: (tenant.placement?.epoch ?? 0) + 1,
});

/** Says what is full and what to do about it. */
export const noCapacity = ({ isolation, region, tenantId }: TenantRecord) =>
  isolation === 'silo'
    ? new AppError('no_capacity', `No spare dedicated shard is left in ${region}. Add one, then retry.`)
    : new AppError(
        'no_capacity',
        `The shared shard of hash ${hashOfTenant(tenantId)} in ${region} is full, closed or missing. Raise its capacity or add a shard, then retry.`,
      );
