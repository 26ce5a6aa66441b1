import { describe, expect, test } from 'vitest';
import { activateUser, changeUser, findUser, removeUser } from '#core/user/change-user.ts';
import { inviteUser } from '#core/user/invite-user.ts';
import { aTenant, aUser, later, noon, tenantId } from '#test/builders.ts';

const admin = aUser({ userId: 'ada@acme.example' });
const member = aUser({ userId: 'bob@acme.example', role: 'tenant-member' });
const read = { users: [admin, member], version: 3 };
const active = aTenant({ status: 'active' });

describe('an invitation', () => {
  test('creates a user by the address in lower case, and the membership for sign-in', () => {
    const { user, change } = inviteUser(active, read, { email: 'Eve@Acme.example', role: 'tenant-member' }, later);
    expect(user).toMatchObject({
      userId: 'eve@acme.example',
      email: 'Eve@Acme.example',
      status: 'invited',
      version: 1,
    });
    expect(change?.audit.map(({ action }) => action)).toEqual(['user.invited']);
    expect(change?.writes.map((write) => (write.kind === 'put' ? write.item.sk : ''))).toEqual([
      'USER#eve@acme.example',
      `TENANT#${tenantId}`,
      'USERS',
    ]);
  });

  test('that is repeated changes nothing', () => {
    expect(inviteUser(active, read, { email: 'BOB@acme.example', role: 'tenant-member' }, later)).toEqual({
      user: member,
    });
  });

  test.for([
    ['another role', read, 'tenant-admin'],
    ['a disabled user', { ...read, users: [{ ...member, status: 'disabled' as const }] }, 'tenant-member'],
  ] as const)('of %s is refused', ([, users, role]) => {
    expect(() => inviteUser(active, users, { email: 'bob@acme.example', role }, later)).toThrow(
      expect.objectContaining({ code: 'user_exists' }),
    );
  });

  test('needs an active tenant', () => {
    for (const status of ['provisioning', 'suspended', 'failed', 'offboarded'] as const) {
      expect(() =>
        inviteUser(aTenant({ status }), read, { email: 'e@a.example', role: 'tenant-member' }, noon),
      ).toThrow(expect.objectContaining({ code: 'invalid_transition' }));
    }
  });
});

describe('a change', () => {
  test('commits only if the users have not changed in between', () => {
    const { change } = changeUser(tenantId, read, member, { role: 'tenant-admin' }, later);
    expect(change.writes.at(-1)).toMatchObject({
      item: { version: 4 },
      guard: { condition: { equals: { version: 3 } } },
    });
  });

  test('audits the values before and after', () => {
    const { user, change } = changeUser(tenantId, read, member, { disabled: true }, later);
    expect(user).toMatchObject({ status: 'disabled', version: 2, updatedAt: later });
    expect(change.audit).toMatchObject([{ before: { status: 'active' }, after: { status: 'disabled' } }]);
  });

  test('that enables an invited user leaves it invited', () => {
    const invited = { ...member, status: 'invited' as const };
    expect(changeUser(tenantId, read, invited, { disabled: false }, later).user.status).toBe('invited');
  });

  test.for([{ role: 'tenant-member' as const }, { disabled: true }])(
    '%j of the last administrator is refused',
    (update) => {
      expect(() => changeUser(tenantId, read, admin, update, later)).toThrow(
        expect.objectContaining({ code: 'last_administrator' }),
      );
    },
  );

  test('of one of two administrators is allowed', () => {
    const two = { ...read, users: [admin, { ...member, role: 'tenant-admin' as const }] };
    expect(() => changeUser(tenantId, two, admin, { disabled: true }, later)).not.toThrow();
  });

  test('does not count disabled administrators', () => {
    const two = { ...read, users: [admin, { ...member, role: 'tenant-admin' as const, status: 'disabled' as const }] };
    expect(() => removeUser(tenantId, two, admin)).toThrow(expect.objectContaining({ code: 'last_administrator' }));
  });
});

test('an unknown user is not found', () => {
  expect(() => findUser(read, 'eve@acme.example')).toThrow(expect.objectContaining({ code: 'not_found' }));
});

test('a first sign-in activates the user, unless it changed meanwhile', () => {
  const { user, change } = activateUser(tenantId, { ...member, status: 'invited', version: 5 }, later);
  expect(user).toMatchObject({ status: 'active', version: 6 });
  expect(change.writes[0]?.guard).toMatchObject({ condition: { equals: { version: 5 } } });
});
