import { type StepContext, type StepResult, tenantStep } from '#functions/operation/step.ts';
import { revokeSessions } from '#stores/aws/session-revocation.ts';

/** Has AWS refuse the credentials that were handed out for the tenant and have not expired yet. */
export const revoke = async ({ tenant: { tenantId }, deps }: StepContext): Promise<StepResult> => {
  await revokeSessions(tenantId, deps.now());
  return { audit: [{ action: 'tenant.sessions.revoked', target: { type: 'tenant', id: tenantId } }] };
};

export const handler = tenantStep('revoke-sessions', revoke);
