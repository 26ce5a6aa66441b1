import * as z from 'zod';
import { invitationSchema, userSchema, userUpdateSchema } from '#core/contract/model/user.ts';
import { listOf, pageQuery, type Route } from './http.ts';

const manages = { 'platform-admin': 'any', 'tenant-admin': 'own' } as const;

/** The users of a tenant. */
export const userRoutes = {
  listUsers: {
    method: 'GET',
    path: '/v1/tenants/{tenant}/users',
    summary: "List a tenant's users",
    tag: 'users',
    access: { ...manages, 'platform-auditor': 'any' },
    query: z.strictObject(pageQuery),
    answer: { status: 200, body: listOf(userSchema) },
  },
  inviteUser: {
    method: 'POST',
    path: '/v1/tenants/{tenant}/users',
    summary: 'Invite a user; a repeat returns the same user',
    tag: 'users',
    access: manages,
    body: invitationSchema,
    sets: ['Location'],
    errors: ['user_exists', 'invalid_transition', 'version_conflict'],
    answer: { status: 201, body: userSchema },
  },
  updateUser: {
    method: 'PATCH',
    path: '/v1/tenants/{tenant}/users/{user}',
    summary: "Change a user's role, or disable or enable the user",
    tag: 'users',
    access: manages,
    body: userUpdateSchema,
    reads: ['If-Match'],
    sets: ['ETag'],
    errors: ['last_administrator', 'version_conflict'],
    answer: { status: 200, body: userSchema },
  },
  removeUser: {
    method: 'DELETE',
    path: '/v1/tenants/{tenant}/users/{user}',
    summary: "Remove a user; the user's tokens are refused at once",
    tag: 'users',
    access: manages,
    errors: ['last_administrator', 'version_conflict'],
    answer: { status: 200, body: userSchema },
  },
} as const satisfies Record<string, Route>;
