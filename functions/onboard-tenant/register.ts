import { config } from '#config';
import { emptyHead } from '#core/audit/audit-chain.ts';
import type { Cause } from '#core/change.ts';
import type { OnboardingRequest } from '#core/contract/model/tenant.ts';
import { registerTenant } from '#core/onboard-tenant/register-tenant.ts';
import type { Started } from '#core/operation/repeated-request.ts';
import { deps } from '#functions/deps.ts';
import { beginAndStart } from '#functions/operation/begin.ts';

interface Request {
  request: OnboardingRequest;
  idempotencyKey: string | undefined;
  cause: Cause;
}

/**
 * Registers a tenant and starts its onboarding, for every way in. The same key with the same request is answered as it
 * was first. Throws `slug_taken`, `idempotency_mismatch`, or `invalid_request` for a tier or region that is not sold.
 */
export const registerAndStart = (request: Request): Promise<Started> => {
  const ids = { tenantId: deps.newTenantId(), operationId: deps.newOperationId() };
  const beginning = registerTenant({ ...request, ...ids, config, now: deps.now() });
  return beginAndStart(beginning, { ...request, content: request.request }, emptyHead);
};
