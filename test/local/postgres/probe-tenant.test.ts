import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TenantAccess } from '#stores/postgres/database.ts';
import { probeTenant } from '#stores/postgres/isolation/probe-tenant.ts';
import { disableTenantRole, enableTenantRole } from '#stores/postgres/roles.ts';
import { countTenantRows } from '#stores/postgres/tenant-rows.ts';
import { aSeededTenant, aTenant, connectAs, failureOf, startShard, type TestShard } from './a-shard.ts';

let place: TestShard;
let tenant: TenantAccess;
let other: TenantAccess;

beforeAll(async () => {
  place = await startShard();
  tenant = await aSeededTenant(place.shard, { namespace: 'pool' });
  other = await aSeededTenant(place.shard, { namespace: 'pool' });
  const session = await connectAs(place.shard, other);
  await session.query(`insert into pool.tags (name) values ('theirs')`);
  await session.end();
});
afterAll(() => place.stop());

const probe = (access: TenantAccess) => failureOf(probeTenant(place.shard.endpoint, access));

/** What is wrong while `make` holds. */
const probeWhile = async (make: string, undo: string) => {
  await place.sql(make);
  try {
    return await probe(tenant);
  } finally {
    await place.sql(undo);
  }
};

test('a healthy tenant passes, also ten times at once, and no row is left', async () => {
  await Promise.all(Array.from({ length: 10 }, () => probeTenant(place.shard.endpoint, tenant)));
  expect(await countTenantRows(place.shard, 'pool', tenant.tenantId)).toBe(0);
});

test('a wrong secret, a suspended role and a missing one are told', async () => {
  const message = `Tenant ${tenant.tenantId} cannot log in with its own secret.`;
  expect(await probe({ ...tenant, password: 'not-this-one' })).toMatchObject({ code: 'health_check_failed', message });
  await disableTenantRole(place.shard, tenant.tenantId);
  expect(await probe(tenant)).toMatchObject({ code: 'health_check_failed', message });
  await enableTenantRole(place.shard, tenant.tenantId);
  expect(await probe({ ...tenant, tenantId: 'tn_nobody' })).toMatchObject({ code: 'health_check_failed' });
});

test('a namespace without tables, or of somebody else, fails', async () => {
  const empty = await aTenant(place.shard);
  expect(await probe(empty)).toMatchObject({ code: 'health_check_failed' });
  expect((await probe({ ...tenant, namespace: empty.namespace })).message).toContain('permission denied for schema');
});

test('the table in which rows of others are seen is named', async () => {
  const failure = await probeWhile(
    'create policy wide on pool.tags for select using (true)',
    'drop policy wide on pool.tags',
  );
  expect(failure).toMatchObject({
    code: 'health_check_failed',
    message: 'The tenant sees rows of other tenants in tags.',
  });
});

test('a table that lets rows be planted in another tenant fails', async () => {
  const failure = await probeWhile(
    'create policy wide on pool.tenantry_probe for insert with check (true)',
    `drop policy wide on pool.tenantry_probe; delete from pool.tenantry_probe`,
  );
  expect(failure).toMatchObject({
    code: 'health_check_failed',
    message: 'The tenant can write a row for another tenant.',
  });
});

test('a right that is missing is named in the words of Postgres', async () => {
  const failure = await probeWhile(
    'revoke insert on pool.tenantry_probe from tenantry_pool',
    'grant insert on pool.tenantry_probe to tenantry_pool',
  );
  expect(failure.code).toBe('health_check_failed');
  expect(failure.message).toContain('permission denied for table tenantry_probe');
});

test('after all of it the tenant is healthy', async () => {
  await probeTenant(place.shard.endpoint, tenant);
});
