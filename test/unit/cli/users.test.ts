import { expect, test } from 'vitest';
import { AppError } from '#core/contract/api/errors.ts';
import { aUser } from '#test/builders.ts';
import { contractServer } from '#test/unit/core/contract/api/contract-server.ts';
import { tenantry } from './command-line.ts';

const bob = aUser({ userId: 'bob@acme.example', role: 'tenant-member', status: 'invited' });

test('users are listed by address', async () => {
  await using server = await contractServer({ listUsers: () => ({ items: [aUser(), bob] }) });
  const { out, exitCode } = await tenantry(server.url, 'users acme');
  expect(exitCode).toBe(0);
  expect(out).toMatch(/ada@acme\.example +tenant-admin +active/);
  expect(out).toMatch(/bob@acme\.example +tenant-member +invited/);
});

test('a user is invited (by default as a member), changed and removed', async () => {
  await using server = await contractServer({
    inviteUser: () => bob,
    updateUser: ({ body }) => ({ ...bob, ...(body as object) }),
    removeUser: () => bob,
  });
  for (const command of [
    'users invite acme bob@acme.example',
    'users invite acme bob@acme.example --role tenant-admin',
    'users role acme bob@acme.example tenant-admin',
    'users disable acme bob@acme.example',
    'users enable acme bob@acme.example',
    'users remove acme bob@acme.example',
  ]) {
    expect((await tenantry(server.url, command)).exitCode, command).toBe(0);
  }
  expect(server.requests.map(({ operationId, params, body }) => [operationId, params['user'], body])).toEqual([
    ['inviteUser', undefined, { email: 'bob@acme.example', role: 'tenant-member' }],
    ['inviteUser', undefined, { email: 'bob@acme.example', role: 'tenant-admin' }],
    ['updateUser', 'bob%40acme.example', { role: 'tenant-admin' }],
    ['updateUser', 'bob%40acme.example', { disabled: true }],
    ['updateUser', 'bob%40acme.example', { disabled: false }],
    ['removeUser', 'bob%40acme.example', undefined],
  ]);
});

test('an unknown role is a usage error', async () => {
  await using server = await contractServer({});
  expect((await tenantry(server.url, 'users invite acme bob@acme.example --role platform-admin')).exitCode).toBe(2);
  expect((await tenantry(server.url, 'users role acme bob@acme.example root')).exitCode).toBe(2);
  expect(server.requests).toEqual([]);
});

test('removing the last administrator is a conflict', async () => {
  await using server = await contractServer({
    removeUser: () => {
      throw new AppError(
        'last_administrator',
        'ada@acme.example is the last administrator: appoint another one first.',
      );
    },
  });
  const { exitCode, err } = await tenantry(server.url, 'users remove acme ada@acme.example');
  expect(exitCode).toBe(5);
  expect(err).toContain('last administrator');
});
