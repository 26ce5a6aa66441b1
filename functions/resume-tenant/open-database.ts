import { placeId, placeOf, putResource } from '#core/operation/ledger.ts';
import { putOperation } from '#core/operation/writes.ts';
import type { Compensation } from '#functions/operation/compensation.ts';
import { type StepContext, type StepResult, tenantStep } from '#functions/operation/step.ts';
import { placedTenant } from '#functions/shards/placed-tenant.ts';
import { closeLogin, openLogin } from '#stores/tenant-database.ts';

/** Lets the tenant's database login in again. The ledger says so first, so that a roll-back closes it. */
export const openDatabase = async ({
  tenant,
  operation,
  deps,
  commitNow,
  onSuperseded,
}: StepContext): Promise<StepResult> => {
  const { tenantId } = tenant;
  const placed = placedTenant(tenant);
  const entry = {
    kind: 'open-login',
    id: placeId(placed.placement),
    operationId: operation.id,
    createdAt: deps.now(),
  } as const;
  // With the operation, so that a step which comes after the roll-back opens nothing.
  const writes = [...putOperation(operation, operation), putResource(tenantId, entry)];
  await commitNow({ stream: tenantId, writes, audit: [] });
  onSuperseded(() => closeLogin(placed));
  await openLogin(placed);
  return {
    operation: { ...operation, version: operation.version + 1 },
    audit: [{ action: 'tenant.access.opened', target: { type: 'tenant', id: tenantId } }],
  };
};

export const undoOpenLogin: Compensation = async ({ tenant: { tenantId }, entry }) => {
  await closeLogin({ tenantId, placement: placeOf(entry) });
  return {};
};

export const handler = tenantStep('open-database', openDatabase);
