import type { Write } from '#core/change.ts';
import type { User } from '#core/contract/model/user.ts';
import { keys } from '#core/keys.ts';

/** A tenant's users, and their version as a whole when they were read. */
export interface Users {
  users: readonly User[];
  version: number;
}

/** The id of the user with this address; addresses are case-insensitive. */
export const userIdOf = (email: string) => email.toLowerCase();

export const putUser = (tenantId: string, user: User): Write => ({
  kind: 'put',
  table: 'tenants',
  item: { ...keys.user(tenantId, user.userId), ...user },
});

export const putMembership = (tenantId: string, userId: string): Write => ({
  kind: 'put',
  table: 'tenants',
  item: { ...keys.membership(userId, tenantId), tenantId, userId },
});

/** Deletes the user, and its membership outside the tenant's partition. */
export const deleteUser = (tenantId: string, userId: string): Write[] => [
  { kind: 'delete', table: 'tenants', key: keys.user(tenantId, userId) },
  { kind: 'delete', table: 'tenants', key: keys.membership(userId, tenantId) },
];

/** Lets only one of two concurrent user changes commit, since together they could remove the last two administrators. */
export const bumpUsersVersion = (tenantId: string, { version }: Users): Write => ({
  kind: 'put',
  table: 'tenants',
  item: { ...keys.users(tenantId), version: version + 1 },
  guard: {
    condition: version === 0 ? { absent: true } : { equals: { version } },
    otherwise: { code: 'version_conflict', message: 'The users have changed since they were read. Try again.' },
  },
});
