import type { Change } from '#core/change.ts';
import type { TenantUpdate } from '#core/contract/model/tenant.ts';
import type { TenantRecord } from './tenant-record.ts';
import { putTenant } from './writes.ts';

const changeable = ({ name, metadata, adminEmail }: Pick<TenantRecord, 'name' | 'metadata' | 'adminEmail'>) => ({
  name,
  metadata,
  adminEmail,
});

/** Updates the fields of a tenant that can change in any state: name, metadata, administrator's address, limits. */
export const updateTenant = (
  tenant: TenantRecord,
  update: TenantUpdate,
  now: string,
): { change: Omit<Change, 'cause'>; updated: TenantRecord } => {
  const { limits: ownLimits, ...unlimited } = tenant;
  const before = { ...changeable(tenant), limits: ownLimits ?? null };
  const after = {
    name: update.name ?? tenant.name,
    metadata: update.metadata ?? tenant.metadata,
    adminEmail: update.adminEmail ?? tenant.adminEmail,
    limits: update.limits === undefined ? before.limits : update.limits,
  };
  const updated: TenantRecord = {
    ...unlimited,
    ...changeable(after),
    ...(after.limits && { limits: after.limits }),
    version: tenant.version + 1,
    updatedAt: now,
  };
  return {
    updated,
    change: {
      stream: tenant.tenantId,
      writes: [putTenant(tenant, updated)],
      audit: [{ action: 'tenant.updated', target: { type: 'tenant', id: tenant.tenantId }, before, after }],
    },
  };
};
