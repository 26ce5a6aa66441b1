import type { Write } from '#core/change.ts';
import { keys } from '#core/keys.ts';
import { newUser } from '#core/user/invite-user.ts';
import { bumpUsersVersion, deleteUser, putMembership, putUser, userIdOf } from '#core/user/user-writes.ts';
import { type Compensation, mostWritesLeft } from '#functions/operation/compensation.ts';
import { type StepContext, type StepResult, tenantStep } from '#functions/operation/step.ts';
import { alignIdentity, createIdentity } from '#stores/aws/identity-provider.ts';
import { listUsers } from '#stores/registry/users.ts';

/** Creates the tenant's first administrator and invites it; the ledger has the user since the place was claimed. */
export const bindAccess = async ({ tenant, deps, onSuperseded }: StepContext): Promise<StepResult> => {
  const { tenantId, adminEmail } = tenant;
  const user = newUser({ email: adminEmail, role: 'tenant-admin' }, deps.now());
  onSuperseded(() => alignIdentity(user.userId, tenantId));
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

/** Each user is two items, and the count of their changes is one more. */
const usersAtOnce = Math.floor((mostWritesLeft - 1) / 2);

/** Removes all users of the tenant, in parts: others may have been invited since its administrator was. */
export const undoUsers: Compensation = async ({ tenant: { tenantId, adminEmail }, commitPart }) => {
  // The identity provider may know the administrator before the registry does.
  await alignIdentity(userIdOf(adminEmail), tenantId);
  for (;;) {
    const { items, nextCursor } = await listUsers(tenantId, usersAtOnce, undefined);
    for (const { userId } of items) await alignIdentity(userId, tenantId);
    const writes: Write[] = items.flatMap(({ userId }) => deleteUser(tenantId, userId));
    if (nextCursor === undefined) {
      return { writes: [...writes, { kind: 'delete', table: 'tenants', key: keys.users(tenantId) }] };
    }
    await commitPart(writes, { users: items.length });
  }
};

export const handler = tenantStep('bind-access', bindAccess);
