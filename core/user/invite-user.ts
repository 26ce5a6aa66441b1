import type { Change } from '#core/change.ts';
import { AppError } from '#core/contract/api/errors.ts';
import type { Invitation, User } from '#core/contract/model/user.ts';
import type { TenantRecord } from '#core/tenant/tenant-record.ts';
import { bumpUsersVersion, putMembership, putUser, type Users, userIdOf } from './user-writes.ts';

export const newUser = ({ email, role }: Invitation, now: string): User => ({
  userId: userIdOf(email),
  email,
  role,
  status: 'invited',
  invitedAt: now,
  updatedAt: now,
  version: 1,
});

/**
 * Invites a user to an active tenant. A repeat changes nothing and returns the existing user. Throws `user_exists` if
 * the user has another role or is disabled.
 */
export const inviteUser = (
  tenant: TenantRecord,
  read: Users,
  invitation: Invitation,
  now: string,
): { user: User; change?: Omit<Change, 'cause'> } => {
  if (tenant.status !== 'active') {
    throw new AppError('invalid_transition', `Users cannot be invited while the tenant is ${tenant.status}.`);
  }
  const { tenantId } = tenant;
  const user = newUser(invitation, now);
  const known = read.users.find(({ userId }) => userId === user.userId);
  if (known) {
    if (known.role === user.role && known.status !== 'disabled') return { user: known };
    throw new AppError(
      'user_exists',
      `${known.userId} is already a ${known.role} (${known.status}). Update that user instead.`,
    );
  }
  return {
    user,
    change: {
      stream: tenantId,
      writes: [putUser(tenantId, user), putMembership(tenantId, user.userId), bumpUsersVersion(tenantId, read)],
      audit: [{ action: 'user.invited', target: { type: 'user', id: user.userId }, after: { role: user.role } }],
    },
  };
};
