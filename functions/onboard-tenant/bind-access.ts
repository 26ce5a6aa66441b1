import { newUser } from '#core/user/invite-user.ts';
import { bumpUsersVersion, putMembership, putUser } from '#core/user/user-writes.ts';
import { onboardingStep, type StepContext, type StepResult } from '#functions/operation/onboarding-step.ts';
import { undoResources } from '#functions/operation/undo-resources.ts';
import { createIdentity } from '#stores/aws/identity-provider.ts';

/** Makes the tenant's first administrator and invites it. */
export const bindAccess = async (context: StepContext): Promise<StepResult> => {
  const { tenant, deps } = context;
  const { tenantId, adminEmail } = tenant;
  const now = deps.now();
  const user = newUser({ email: adminEmail, role: 'tenant-admin' }, now);
  context.ifOvertaken(() => undoResources(['user'], tenant));
  // In the ledger since the place was claimed.
  await createIdentity(user.userId);
  return {
    writes: [
      putUser(tenantId, user),
      putMembership(tenantId, user.userId),
      bumpUsersVersion(tenantId, { users: [], version: 0 }),
    ],
    audit: [{ action: 'user.invited', target: { type: 'user', id: user.userId }, after: { role: user.role } }],
  };
};

export const handler = onboardingStep('bind-access', bindAccess);
