import type { Change } from '#core/change.ts';
import { AppError } from '#core/contract/api/errors.ts';
import type { Invitation, User } from '#core/contract/model/user.ts';
import type { TenantRecord } from '#core/tenant/tenant-record.ts';
import { countChange, putMembership, putUser, type Users, userIdOf } from './user-writes.ts';

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
 * Makes a user of a tenant that is in service. A repeat changes nothing and gives the user there is; one that is there
 * otherwise is `user_exists`.
 */
export const inviteUser = (
  tenant: TenantRecord,
  read: Users,
  invitation: Invitation,
  now: string,
): { user: User; change?: Omit<Change, 'cause'> } => {
  if (tenant.status !== 'active') {
    throw new AppError('invalid_transition', `A tenant that is ${tenant.status} takes no users.`);
  }
  const { tenantId } = tenant;
  const user = newUser(invitation, now);
  const known = read.users.find(({ userId }) => userId === user.userId);
  if (known) {
    if (known.role === user.role && known.status !== 'disabled') return { user: known };
    throw new AppError('user_exists', `${known.userId} is a ${known.role} already, and ${known.status}: change that.`);
  }
  return {
    user,
    change: {
      stream: tenantId,
      writes: [putUser(tenantId, user), putMembership(tenantId, user.userId), countChange(tenantId, read)],
      audit: [{ action: 'user.invited', target: { type: 'user', id: user.userId }, after: { role: user.role } }],
    },
  };
};
