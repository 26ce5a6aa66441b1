import { config } from '#config';
import { emptyHead } from '#core/audit/audit-chain.ts';
import type { Cause } from '#core/change.ts';
import { AppError } from '#core/contract/api/errors.ts';
import type { OnboardingRequest } from '#core/contract/model/tenant.ts';
import { type Registration, registerTenant, repeatedAnswer } from '#core/onboard-tenant/register-tenant.ts';
import { type Deps, deps } from '#functions/deps.ts';
import { commit } from '#stores/registry/commit.ts';
import { findRequest } from '#stores/registry/tenants.ts';
import { startOnboarding } from '#stores/workflows/executions.ts';

interface Request {
  request: OnboardingRequest;
  idempotencyKey: string | undefined;
  cause: Cause;
}

/**
 * Registers a tenant and starts its onboarding, whoever asks. The same key with the same request is answered as it
 * was first. Throws `slug_taken`, `idempotency_mismatch`, or `invalid_request` for a tier or region that is not sold.
 */
export const registerAndStart = async (asked: Request): Promise<Registration> => {
  const answer = await register(asked, deps);
  const { id: operationId, tenantId } = answer.operation;
  await startOnboarding({ tenantId, operationId, requestId: asked.cause.requestId });
  return answer;
};

const answeredBefore = async ({ request, idempotencyKey, cause }: Request) => {
  const stored = idempotencyKey === undefined ? undefined : await findRequest(cause.actor, idempotencyKey);
  return stored && repeatedAnswer(stored, request);
};

const register = async (asked: Request, { now, newTenantId, newOperationId }: Deps): Promise<Registration> => {
  const ids = { tenantId: newTenantId(), operationId: newOperationId() };
  const { change, answer } = registerTenant({ ...asked, ...ids, config, now: now() });
  try {
    await commit(change, emptyHead);
    return answer;
  } catch (error) {
    const isLostRace = error instanceof AppError && error.code === 'idempotency_mismatch';
    const first = isLostRace ? await answeredBefore(asked) : undefined;
    if (first) return first;
    throw error;
  }
};
