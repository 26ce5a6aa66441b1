import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TenantAccess } from '#stores/postgres/database.ts';
import { disableTenantRole, enableTenantRole } from '#stores/postgres/roles.ts';
import { changePassword, passwordChange, rehearsePasswordChange, tryLogin } from '#stores/postgres/tenant-login.ts';
import { newPassword } from '#stores/secrets/new-password.ts';
import { aTenant, aTenantId, connectAs, failureOf, startShard, type TestShard } from './a-shard.ts';

let place: TestShard;
let access: TenantAccess;
beforeAll(async () => {
  place = await startShard();
  access = await aTenant(place.shard, { namespace: 'pool' });
});
afterAll(() => place.stop());

const tried = (password: string) => tryLogin(place.shard.endpoint, access.tenantId, password);

describe("a tenant's password", () => {
  test('that is rehearsed is taken, and not in force', async () => {
    const password = newPassword();
    await rehearsePasswordChange(place.shard, await passwordChange(access.tenantId, password));
    expect([await tried(password), await tried(access.password)]).toEqual(['refused', 'accepted']);
  });

  test('that is changed is in force, and open sessions go on', async () => {
    const open = await connectAs(place.shard, access);
    const password = newPassword();
    await changePassword(place.shard, await passwordChange(access.tenantId, password));
    expect([await tried(password), await tried(access.password)]).toEqual(['accepted', 'refused']);
    expect((await open.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await open.end();
    access = { ...access, password };
  });

  test('is never sent: the statement holds a verifier', async () => {
    const password = newPassword();
    const change = await passwordChange(access.tenantId, password);
    expect(change).not.toContain(password);
    expect(change).toContain('SCRAM-SHA-256$4096:');
  });

  test('is known to be right though the tenant is suspended', async () => {
    await disableTenantRole(place.shard, access.tenantId);
    expect([await tried(access.password), await tried(newPassword())]).toEqual(['accepted', 'refused']);
    await enableTenantRole(place.shard, access.tenantId);
  });

  test('is known to be right though all the tenant’s connections are taken', async () => {
    await place.sql(`alter role "${access.tenantId}" connection limit 1`);
    const only = await connectAs(place.shard, access);
    expect([await tried(access.password), await tried(newPassword())]).toEqual(['accepted', 'refused']);
    await only.end();
  });
});

test('a role that is not there takes no password, and says so by name', async () => {
  const change = await passwordChange(aTenantId(), newPassword());
  for (const work of [rehearsePasswordChange, changePassword]) {
    expect(await failureOf(work(place.shard, change))).toMatchObject({
      code: 'rotation_failed',
      message: expect.stringContaining('does not exist'),
    });
  }
});

test('a shard that does not answer says nothing of a password', async () => {
  const nowhere = { ...place.shard.endpoint, port: 1 };
  expect(await failureOf(tryLogin(nowhere, access.tenantId, access.password))).toMatchObject({
    code: 'shard_unreachable',
  });
});
