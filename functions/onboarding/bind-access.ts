import type { User } from '#core/contract/user.ts';
import { putResource, putUser } from '#core/tenant/writes.ts';
import { onboardingStep, type StepContext, type StepResult } from './onboarding-step.ts';

/** Makes the tenant's first administrator. */
export const bindAccess = async ({ tenant, operation, deps }: StepContext): Promise<StepResult> => {
  const { tenantId, adminEmail } = tenant;
  const now = deps.now();
  const user: User = {
    userId: adminEmail.toLowerCase(),
    email: adminEmail,
    role: 'tenant-admin',
    status: 'invited',
    invitedAt: now,
    updatedAt: now,
    version: 1,
  };
  return {
    writes: [
      putResource(tenantId, { kind: 'user', operationId: operation.id, createdAt: now }),
      putUser(tenantId, user),
    ],
    audit: [{ action: 'user.invited', target: { type: 'user', id: user.userId }, after: { role: user.role } }],
  };
};

export const handler = onboardingStep('bind-access', bindAccess);
