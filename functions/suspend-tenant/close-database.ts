import { deleteResource, placeId } from '#core/operation/ledger.ts';
import { type StepContext, type StepResult, tenantStep } from '#functions/operation/step.ts';
import { placedTenant } from '#functions/shards/placed-tenant.ts';
import { closeLogin } from '#stores/tenant-database.ts';

/** Closes the tenant's database login and ends its sessions. The ledger no longer has an open login to undo. */
export const closeDatabase = async ({ tenant }: StepContext): Promise<StepResult> => {
  const placed = placedTenant(tenant);
  await closeLogin(placed);
  return {
    writes: [deleteResource(tenant.tenantId, { kind: 'open-login', id: placeId(placed.placement) })],
    audit: [{ action: 'tenant.access.closed', target: { type: 'tenant', id: tenant.tenantId } }],
  };
};

export const handler = tenantStep('close-database', closeDatabase);
