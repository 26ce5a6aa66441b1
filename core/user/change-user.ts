import type { Change } from '#core/change.ts';
import { AppError, nothingThere } from '#core/contract/api/errors.ts';
import type { User, UserUpdate } from '#core/contract/model/user.ts';
import { countChange, deleteUser, putUser, type Users } from './user-writes.ts';

type Decided = { user: User; change: Omit<Change, 'cause'> };

export const findUser = ({ users }: Users, userId: string): User => {
  const user = users.find((one) => one.userId === userId);
  if (!user) throw nothingThere();
  return user;
};

/** Gives a user another role, disables it or lets it in again; the last administrator stays one. */
export const changeUser = (tenantId: string, read: Users, user: User, update: UserUpdate, now: string): Decided => {
  const status = update.disabled === undefined ? user.status : statusAfter(user, update.disabled);
  const next: User = { ...user, role: update.role ?? user.role, status, version: user.version + 1, updatedAt: now };
  assertAdministrated(read, next);
  return {
    user: next,
    change: {
      stream: tenantId,
      writes: [putUser(tenantId, next), countChange(tenantId, read)],
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

/** One that was never disabled keeps its state: it may still be waiting for its first sign-in. */
const statusAfter = ({ status }: User, disabled: boolean): User['status'] => {
  if (disabled) return 'disabled';
  return status === 'disabled' ? 'active' : status;
};

export const removeUser = (tenantId: string, read: Users, user: User): Decided => {
  assertAdministrated(read, { ...user, status: 'disabled' });
  return {
    user,
    change: {
      stream: tenantId,
      writes: [...deleteUser(tenantId, user.userId), countChange(tenantId, read)],
      audit: [{ action: 'user.removed', target: { type: 'user', id: user.userId }, before: { role: user.role } }],
    },
  };
};

/** The first sign-in of an invited user. */
export const activateUser = (tenantId: string, user: User, now: string): Decided => {
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
            otherwise: { code: 'version_conflict', message: 'The user changed since it was read.' },
          },
        },
      ],
      audit: [{ action: 'user.activated', target: { type: 'user', id: user.userId } }],
    },
  };
};

const administrates = ({ role, status }: User) => role === 'tenant-admin' && status !== 'disabled';

/** Throws `last_administrator` where a tenant that has one would be left without. */
const assertAdministrated = ({ users }: Users, next: User) => {
  const after = users.map((user) => (user.userId === next.userId ? next : user));
  if (users.some(administrates) && !after.some(administrates)) {
    throw new AppError('last_administrator', `${next.userId} is the last administrator: make another one first.`);
  }
};
