import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cluster, startCluster } from '#local/postgres/cluster.ts';
import { closeConnections } from '#stores/postgres/connection.ts';
import type { ShardDatabase } from '#stores/postgres/database.ts';
import { inventory } from '#stores/postgres/inventory.ts';
import { checkIsolation } from '#stores/postgres/isolation/isolation-check.ts';
import { probeTenant } from '#stores/postgres/isolation/probe-tenant.ts';
import { prepareShard } from '#stores/postgres/prepare-shard.ts';
import { seedSchema } from '#stores/postgres/seed-schema.ts';
import { newPassword } from '#stores/secrets/new-password.ts';
import { aFolder, aSeededTenant, connect, failureOf, helpdesk, remove } from './a-shard.ts';

let folder: string;
let cluster: Cluster;

beforeAll(async () => {
  folder = await aFolder();
  cluster = await startCluster({ folder });
});
afterAll(async () => {
  await closeConnections();
  await cluster?.stop();
  await remove(folder);
});

const aShard = (): ShardDatabase => ({
  endpoint: cluster.endpoint,
  admin: cluster.adminLogin,
  migrator: { user: 'tenantry_migrator', password: newPassword() },
});

test('a superuser closes all of the catalogue, however often and however many at once, and what is there stays', async () => {
  const shard = aShard();
  await prepareShard(shard);
  const tenant = await aSeededTenant(shard, { namespace: 'pool' });
  const reports = await Promise.all(Array.from({ length: 5 }, () => prepareShard(shard)));
  for (const { closed, open } of reports) {
    expect(open).toEqual([]);
    expect(closed.length).toBeGreaterThan(100);
  }
  expect(await checkIsolation(shard, 'pool')).toEqual([]);
  expect(await seedSchema(shard, 'pool', helpdesk)).toEqual({ migrations: [] });
  await probeTenant(shard.endpoint, tenant);
});

test("a repeat gives the migrator the password it is told, and an application's own extensions", async () => {
  const shard = aShard();
  await prepareShard(shard, { extensions: ['hstore'] });
  const session = await connect(shard.endpoint, shard.migrator);
  const { rows } = await session.query('select current_user, session_user');
  expect(rows).toEqual([{ current_user: 'tenantry_owner', session_user: 'tenantry_migrator' }]);
  await session.query(`select 'a=>1'::extensions.hstore`);
  await session.end();
});

test('a shard that is down is told apart from one that refuses', async () => {
  const shard = aShard();
  await prepareShard(shard);
  const tenant = await aSeededTenant(shard, { namespace: 'pool' });
  await cluster.stop();
  try {
    const works = [
      () => prepareShard(shard),
      () => inventory(shard),
      () => seedSchema(shard, 'pool', helpdesk),
      () => probeTenant(shard.endpoint, tenant),
    ];
    for (const work of works) expect(await failureOf(work())).toMatchObject({ code: 'shard_unreachable' });
  } finally {
    cluster = await startCluster({ folder });
  }
  await probeTenant(cluster.endpoint, tenant);
  expect(await inventory({ ...shard, endpoint: cluster.endpoint })).toMatchObject({ schemas: ['pool'] });
});
