import type { Change } from '#core/change.ts';
import type { TenantUpdate } from '#core/contract/tenant.ts';
import type { TenantRecord } from './tenant-record.ts';
import { putTenant } from './writes.ts';

/** Changes what may be changed of a tenant in any state: name, metadata, administrator's address. */
export const updateTenant = (
  tenant: TenantRecord,
  update: TenantUpdate,
  now: string,
): { change: Omit<Change, 'cause'>; updated: TenantRecord } => {
  const before = { name: tenant.name, metadata: tenant.metadata, adminEmail: tenant.adminEmail };
  const after = {
    name: update.name ?? tenant.name,
    metadata: update.metadata ?? tenant.metadata,
    adminEmail: update.adminEmail ?? tenant.adminEmail,
  };
  const updated = { ...tenant, ...after, version: tenant.version + 1, updatedAt: now };
  return {
    updated,
    change: {
      stream: tenant.tenantId,
      writes: [putTenant(tenant, updated)],
      audit: [{ action: 'tenant.updated', target: { type: 'tenant', id: tenant.tenantId }, before, after }],
    },
  };
};
