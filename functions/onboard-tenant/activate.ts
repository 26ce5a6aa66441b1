import { activate } from '#core/tenant/activate.ts';
import { tenantStep } from '#functions/operation/step.ts';

/** Puts the tenant into service. */
export const handler = tenantStep('activate', async ({ tenant, operation, deps }) =>
  activate(tenant, operation, deps.now()),
);
