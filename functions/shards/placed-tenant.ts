import { AppError } from '#core/contract/api/errors.ts';
import type { Placement } from '#core/contract/model/tenant.ts';
import type { TenantRecord } from '#core/tenant/tenant-record.ts';

/** The tenant with the placement that provisioning has recorded; its absence here is a fault of the workflow. */
export const placedTenant = ({ tenantId, placement }: TenantRecord): { tenantId: string; placement: Placement } => {
  if (!placement) throw new AppError('internal', `Tenant ${tenantId} has no placement.`);
  return { tenantId, placement };
};
