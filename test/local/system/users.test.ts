import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tenant } from '#core/contract/model/tenant.ts';
import type { User } from '#core/contract/model/user.ts';
import { newSystem, type System } from './harness.ts';

let system: System;
let pool: CognitoIdentityProviderClient;
beforeAll(async () => {
  system = await (await newSystem()).start();
  pool = new CognitoIdentityProviderClient(system.aws);
});
afterAll(async () => {
  pool.destroy();
  await system.remove();
});

const aTenant = async (fields: Record<string, unknown> = {}): Promise<Tenant> => {
  const { body } = await system.onboard(fields);
  await system.untilOperation(body.operation.id, 'succeeded');
  return body.tenant;
};
const signIn = async (user: string, tenant?: string) => {
  const { status, body } = await system.call<{ token: string }>('/_local/token', {
    method: 'POST',
    body: { user, ...(tenant && { tenant }) },
    token: '',
  });
  return status === 200 ? body.token : undefined;
};
const usersOf = ({ tenantId }: Tenant) => `/v1/tenants/${tenantId}/users`;
const userOf = (tenant: Tenant, userId: string) => `${usersOf(tenant)}/${encodeURIComponent(userId)}`;
const invite = (tenant: Tenant, email: string, role: string, token?: string) =>
  system.call<User>(usersOf(tenant), { method: 'POST', body: { email, role }, ...(token && { token }) });
const change = (tenant: Tenant, userId: string, body: object, token?: string) =>
  system.call<User>(userOf(tenant, userId), { method: 'PATCH', body, ...(token && { token }) });
const remove = (tenant: Tenant, userId: string, token?: string) =>
  system.call<User>(userOf(tenant, userId), { method: 'DELETE', ...(token && { token }) });
const list = async (tenant: Tenant) => (await system.call<{ items: User[] }>(usersOf(tenant))).body.items;
const UserPoolId = 'us-east-1_tenantry';
const isKnown = async (username: string) => {
  try {
    await pool.send(new AdminGetUserCommand({ UserPoolId, Username: username }));
    return true;
  } catch (error) {
    if ((error as Error).name === 'UserNotFoundException') return false;
    throw error;
  }
};
let addresses = 0;
const anAddress = () => {
  addresses += 1;
  return `user-${addresses}@people.example`;
};

describe("a tenant's administrator", () => {
  it('is invited by the onboarding, signs in, and is active from then on', async () => {
    const tenant = await aTenant({ adminEmail: 'Ada@First.example' });
    expect(await list(tenant)).toMatchObject([
      { userId: 'ada@first.example', email: 'Ada@First.example', role: 'tenant-admin', status: 'invited' },
    ]);
    const { body } = await system.call<{ items: { to: string }[] }>('/_local/mail');
    expect(body.items.filter(({ to }) => to === 'ada@first.example')).toHaveLength(1);

    const token = await signIn('ADA@first.example');
    expect((await system.call('/v1/me', { token: token! })).body).toMatchObject({
      id: 'ada@first.example',
      role: 'tenant-admin',
      tenantId: tenant.tenantId,
    });
    expect(await list(tenant)).toMatchObject([{ status: 'active' }]);
    expect((await system.audited(tenant.tenantId)).map(({ action }) => action)).toContain('user.activated');
  });

  it('invites others and takes them out again, as the audit log tells', async () => {
    const admin = anAddress();
    const tenant = await aTenant({ adminEmail: admin });
    const token = await signIn(admin);
    const email = anAddress();
    const invited = await invite(tenant, email, 'tenant-member', token);
    expect(invited).toMatchObject({ status: 201, body: { userId: email, role: 'tenant-member', status: 'invited' } });
    expect(invited.headers.get('location')).toBe(userOf(tenant, email));
    expect(await invite(tenant, email, 'tenant-member', token)).toMatchObject({ status: 201, body: invited.body });
    expect(await invite(tenant, email, 'tenant-admin', token)).toMatchObject({
      status: 409,
      body: { code: 'user_exists' },
    });

    expect(await change(tenant, email, { role: 'tenant-admin' }, token)).toMatchObject({
      status: 200,
      body: { role: 'tenant-admin' },
    });
    expect((await remove(tenant, email, token)).status).toBe(200);
    expect((await remove(tenant, email, token)).status).toBe(404);
    const told = (await system.audited(tenant.tenantId)).filter(({ target }) => target.id === email);
    expect(told.map(({ action, actor }) => [action, actor.id])).toEqual([
      ['user.invited', admin],
      ['user.changed', admin],
      ['user.removed', admin],
    ]);
  });

  it('cannot reach the users of another tenant', async () => {
    const admin = anAddress();
    const own = await aTenant({ adminEmail: admin });
    const other = await aTenant();
    const token = await signIn(admin);
    const answers = [
      await system.call(usersOf(other), { token: token! }),
      await invite(other, anAddress(), 'tenant-admin', token),
      await change(other, other.adminEmail, { disabled: true }, token),
      await remove(other, other.adminEmail, token),
      await change(own, other.adminEmail, { disabled: true }, token),
      await remove(own, other.adminEmail, token),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404, 404]);
    expect(await list(other)).toMatchObject([{ status: 'invited' }]);
  });
});

describe('nobody grants more than they have', () => {
  it('a member manages nobody, and no platform role can be given to a user', async () => {
    const tenant = await aTenant();
    const email = anAddress();
    await invite(tenant, email, 'tenant-member');
    const token = await signIn(email);
    expect((await invite(tenant, anAddress(), 'tenant-member', token)).status).toBe(403);
    expect((await change(tenant, email, { role: 'tenant-admin' }, token)).status).toBe(403);
    for (const role of ['platform-admin', 'platform-auditor', 'sales', 'root']) {
      expect((await invite(tenant, anAddress(), role)).status).toBe(400);
    }
  });
});

describe('the last administrator', () => {
  it('cannot be removed, disabled or made a member', async () => {
    const tenant = await aTenant();
    const admin = tenant.adminEmail;
    for (const answer of [
      await remove(tenant, admin),
      await change(tenant, admin, { disabled: true }),
      await change(tenant, admin, { role: 'tenant-member' }),
    ]) {
      expect(answer).toMatchObject({ status: 409, body: { code: 'last_administrator' } });
    }
    expect(await list(tenant)).toMatchObject([{ role: 'tenant-admin', status: 'invited' }]);
  });

  it('stays, also when two administrators remove each other at the same time', async () => {
    const tenant = await aTenant();
    const second = anAddress();
    await invite(tenant, second, 'tenant-admin');
    const answers = await Promise.all([remove(tenant, tenant.adminEmail), remove(tenant, second)]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
    expect(await list(tenant)).toHaveLength(1);
  });
});

describe('a user that is disabled, removed or given another role', () => {
  it.concurrent.each([
    ['disabled', (tenant: Tenant, user: string) => change(tenant, user, { disabled: true })],
    ['removed', (tenant: Tenant, user: string) => remove(tenant, user)],
    ['demoted', (tenant: Tenant, user: string) => change(tenant, user, { role: 'tenant-member' })],
  ])('%s: what it holds is refused within seconds', async (_what, act) => {
    const tenant = await aTenant();
    const email = anAddress();
    await invite(tenant, email, 'tenant-admin');
    const token = (await signIn(email))!;
    expect((await system.call('/v1/me', { token })).status).toBe(200);
    expect((await act(tenant, email)).status).toBe(200);
    await system.until('the token to be refused', async () => {
      const { status } = await system.call('/v1/me', { token });
      return status === 401 ? status : { not: status };
    });
  });

  it('signs in no more while it is disabled, and again when it is let in', async () => {
    const tenant = await aTenant();
    const email = anAddress();
    await invite(tenant, email, 'tenant-member');
    await change(tenant, email, { disabled: true });
    expect(await signIn(email)).toBeUndefined();
    await change(tenant, email, { disabled: false });
    expect(await signIn(email)).toBeDefined();
  });
});

describe('somebody who is a user of two tenants', () => {
  it('chooses where to sign in, and is known until the last one lets go', async () => {
    const [first, second] = [await aTenant(), await aTenant()];
    const email = anAddress();
    await invite(first, email, 'tenant-member');
    await invite(second, email, 'tenant-admin');
    const me = async (tenant?: string) => (await system.call('/v1/me', { token: (await signIn(email, tenant))! })).body;
    expect(await me()).toMatchObject({ tenantId: first.tenantId, role: 'tenant-member' });
    expect(await me(second.slug)).toMatchObject({ tenantId: second.tenantId, role: 'tenant-admin' });
    await remove(first, email);
    expect(await isKnown(email)).toBe(true);
    expect(await me()).toMatchObject({ tenantId: second.tenantId });
    await remove(second, email);
    expect(await isKnown(email)).toBe(false);
    expect(await signIn(email)).toBeUndefined();
  });
});

describe('an onboarding that is rolled back', () => {
  it('leaves nobody who may sign in', async () => {
    const adminEmail = anAddress();
    await system.fault({ function: 'health-check', kind: 'throw', error: 'PlannedError' });
    const { body } = await system.onboard({ adminEmail });
    expect((await system.untilOperation(body.operation.id)).status).toBe('rolled-back');
    expect(await isKnown(adminEmail)).toBe(false);
    expect(JSON.stringify(await system.inventory())).not.toContain(adminEmail);
  });

  it('leaves alone who has a role of the platform', async () => {
    const adminEmail = anAddress();
    const who = { UserPoolId, Username: adminEmail };
    await pool.send(new AdminCreateUserCommand(who));
    await pool.send(new AdminAddUserToGroupCommand({ ...who, GroupName: 'platform-admin' }));
    await system.fault({ function: 'health-check', kind: 'throw', error: 'PlannedError' });
    const { body } = await system.onboard({ adminEmail });
    expect((await system.untilOperation(body.operation.id)).status).toBe('rolled-back');
    expect(await isKnown(adminEmail)).toBe(true);
  });

  it('leaves alone who is a user of another tenant too', async () => {
    const adminEmail = anAddress();
    await aTenant({ adminEmail });
    await system.fault({ function: 'bind-access', kind: 'throw-after', error: 'PlannedError' });
    const { body } = await system.onboard({ adminEmail });
    expect((await system.untilOperation(body.operation.id)).status).toBe('rolled-back');
    expect(await isKnown(adminEmail)).toBe(true);
  });
});
