import type { Write } from '#core/change.ts';
import { type TenantRecord, tenantItem } from './tenant-record.ts';

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
