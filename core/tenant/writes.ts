import type { Write } from '#core/change.ts';
import { keys } from '#core/keys.ts';
import {
  type OperationRecord,
  operationItem,
  type Resource,
  type ResourceKind,
  type TenantRecord,
  tenantItem,
} from './tenant-record.ts';

/** Replaces the tenant, provided it is still at the version that was read. */
export const putTenant = (read: TenantRecord, next: TenantRecord): Write => ({
  kind: 'put',
  table: 'tenants',
  item: tenantItem(next),
  guard: {
    condition: { equals: { version: read.version } },
    otherwise: { code: 'version_conflict', message: 'The tenant has changed since it was read. Read it again.' },
  },
});

/** Replaces the operation, if it is still the version that was read: whoever comes late finds it taken over. */
export const putOperation = (read: OperationRecord, next: OperationRecord): Write => ({
  kind: 'put',
  table: 'tenants',
  item: operationItem({ ...next, version: read.version + 1 }),
  guard: {
    condition: { equals: { version: read.version } },
    otherwise: { code: 'operation_ended', message: `Operation ${read.id} went on without this step.` },
  },
});

export const putResource = (tenantId: string, resource: Resource): Write => ({
  kind: 'put',
  table: 'tenants',
  item: { ...keys.resource(tenantId, resource.kind), ...resource },
});

export const deleteResource = (tenantId: string, kind: ResourceKind): Write => ({
  kind: 'delete',
  table: 'tenants',
  key: keys.resource(tenantId, kind),
});
