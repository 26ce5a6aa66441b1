import type { Change } from '#core/change.ts';
import { AppError, notFound } from '#core/contract/api/errors.ts';
import type { User, UserUpdate } from '#core/contract/model/user.ts';
import { bumpUsersVersion, deleteUser, putUser, type Users } from './user-writes.ts';

type UserChange = { user: User; change: Omit<Change, 'cause'> };

export const findUser = ({ users }: Users, userId: string): User => {
  const user = users.find((one) => one.userId === userId);
  if (!user) throw notFound();
  return user;
};

/** Changes a user's role, or disables or enables the user. Throws `last_administrator` for the last one. */
export const changeUser = (tenantId: string, read: Users, user: User, update: UserUpdate, now: string): UserChange => {
  const status = update.disabled === undefined ? user.status : statusAfter(user, update.disabled);
  const next: User = { ...user, role: update.role ?? user.role, status, version: user.version + 1, updatedAt: now };
  assertAdministrated(read, next);
  return {
    user: next,
    change: {
      stream: tenantId,
      writes: [putUser(tenantId, next), bumpUsersVersion(tenantId, read)],
      audit: [
        {
          action: 'user.changed',
          target: { type: 'user', id: user.userId },
          before: { role: user.role, status: user.status },
          after: { role: next.role, status: next.status },
        },
      ],
    },
  };
};

/** Only a disabled user becomes active: others keep their status, which may be `invited`. */
const statusAfter = ({ status }: User, disabled: boolean): User['status'] => {
  if (disabled) return 'disabled';
  return status === 'disabled' ? 'active' : status;
};

export const removeUser = (tenantId: string, read: Users, user: User): UserChange => {
  assertAdministrated(read, { ...user, status: 'disabled' });
  return {
    user,
    change: {
      stream: tenantId,
      writes: [...deleteUser(tenantId, user.userId), bumpUsersVersion(tenantId, read)],
      audit: [{ action: 'user.removed', target: { type: 'user', id: user.userId }, before: { role: user.role } }],
    },
  };
};

/** Activates an invited user at first sign-in. */
export const activateUser = (tenantId: string, user: User, now: string): UserChange => {
  const next: User = { ...user, status: 'active', version: user.version + 1, updatedAt: now };
  return {
    user: next,
    change: {
      stream: tenantId,
      writes: [
        {
          ...putUser(tenantId, next),
          guard: {
            condition: { equals: { version: user.version } },
            otherwise: { code: 'version_conflict', message: 'The user has changed since it was read.' },
          },
        },
      ],
      audit: [{ action: 'user.activated', target: { type: 'user', id: user.userId } }],
    },
  };
};

const administrates = ({ role, status }: User) => role === 'tenant-admin' && status !== 'disabled';

/** Throws `last_administrator` if the change would leave the tenant without an enabled administrator. */
const assertAdministrated = ({ users }: Users, next: User) => {
  const after = users.map((user) => (user.userId === next.userId ? next : user));
  if (users.some(administrates) && !after.some(administrates)) {
    throw new AppError('last_administrator', `${next.userId} is the last administrator: appoint another one first.`);
  }
};
