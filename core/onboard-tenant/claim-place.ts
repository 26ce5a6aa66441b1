import type { Change } from '#core/change.ts';
import type { Shard } from '#core/contract/model/shard.ts';
import { keys } from '#core/keys.ts';
import { noCapacity, placementOn } from '#core/shards/place-tenant.ts';
import {
  moveTenant,
  type OperationRecord,
  type Resource,
  type ResourceKind,
  type TenantRecord,
} from '#core/tenant/tenant-record.ts';
import { putOperation, putResource, putTenant } from '#core/tenant/writes.ts';

interface Claim {
  change: Omit<Change, 'cause'>;
  tenant: TenantRecord;
  operation: OperationRecord;
}

/** What provisioning makes outside the registry, in its order. */
export const provisionedKinds = ({ isolation }: TenantRecord): ResourceKind[] => [
  'placement',
  'secret',
  'role',
  isolation === 'pool' ? 'rows' : 'namespace',
];

/**
 * Takes a place on the shard and writes the ledger, at once or not at all: of all that is about to be made there, and of
 * the administrator's identity, which `bind-access` will make.
 */
export const claimPlace = (tenant: TenantRecord, operation: OperationRecord, shard: Shard, now: string): Claim => {
  const placement = placementOn(shard, tenant);
  const placed = moveTenant(tenant, 'provisioning', now, { placement });
  const { code, message } = noCapacity(tenant);
  const ledger = [...provisionedKinds(tenant), 'user' as const].map(
    (kind): Resource => ({ kind, operationId: operation.id, createdAt: now }),
  );
  return {
    tenant: placed,
    operation: { ...operation, version: operation.version + 1 },
    change: {
      stream: tenant.tenantId,
      writes: [
        putOperation(operation, operation),
        putTenant(tenant, placed),
        {
          kind: 'update',
          table: 'tenants',
          key: keys.shard(shard.shardId),
          add: { count: 1 },
          guard: {
            condition: { below: { attribute: 'count', limit: 'capacity' }, equals: { state: 'open' } },
            otherwise: { code, message },
          },
        },
        ...ledger.map((resource) => putResource(tenant.tenantId, resource)),
      ],
      audit: [
        {
          action: 'tenant.placed',
          target: { type: 'tenant', id: tenant.tenantId },
          operationId: operation.id,
          after: { placement },
        },
      ],
    },
  };
};
