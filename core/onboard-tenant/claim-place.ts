import type { Change } from '#core/change.ts';
import type { Shard } from '#core/contract/model/shard.ts';
import type { Placement } from '#core/contract/model/tenant.ts';
import { tenantDatabaseSecretName } from '#core/contract/platform/names.ts';
import { keys } from '#core/keys.ts';
import { placeId, putResource, type Resource, type ResourceKind } from '#core/operation/ledger.ts';
import type { OperationRecord } from '#core/operation/operation.ts';
import { putOperation } from '#core/operation/writes.ts';
import { noCapacity, placementOn } from '#core/shards/place-tenant.ts';
import { moveTenant, type TenantRecord } from '#core/tenant/tenant-record.ts';
import { putTenant } from '#core/tenant/writes.ts';
import { userIdOf } from '#core/user/user-writes.ts';

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

/** What tells each thing that onboarding makes from others of its kind. */
const resourceId = (kind: ResourceKind, { tenantId, adminEmail }: TenantRecord, placement: Placement) => {
  switch (kind) {
    case 'secret':
      return tenantDatabaseSecretName(tenantId);
    case 'role':
    case 'namespace':
    case 'rows':
      return placeId(placement);
    case 'user':
      return userIdOf(adminEmail);
    default:
      return placement.shardId;
  }
};

/**
 * Takes a place on the shard and writes the ledger, at once or not at all: of all that is about to be made there, and of
 * the administrator's identity, which `bind-access` will make.
 */
export const claimPlace = (tenant: TenantRecord, operation: OperationRecord, shard: Shard, now: string): Claim => {
  const placement = placementOn(shard, tenant);
  const placed = moveTenant(tenant, 'provisioning', now, { placement });
  const { code, message } = noCapacity(tenant);
  const ledger = [...provisionedKinds(tenant), 'user' as const].map(
    (kind): Resource => ({
      kind,
      id: resourceId(kind, tenant, placement),
      operationId: operation.id,
      createdAt: now,
    }),
  );
  return {
    tenant: placed,
    operation: { ...operation, version: operation.version + 1 },
    change: {
      stream: tenant.tenantId,
      writes: [
        ...putOperation(operation, operation),
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
