import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cluster, startCluster } from '#local/postgres/cluster.ts';
import { closeConnections } from '#stores/postgres/connection.ts';
import type { ShardDatabase } from '#stores/postgres/database.ts';
import { inventory } from '#stores/postgres/inventory.ts';
import { checkIsolation } from '#stores/postgres/isolation/isolation-check.ts';
import { probeTenant } from '#stores/postgres/isolation/probe-tenant.ts';
import { guardLocks } from '#stores/postgres/lock-guard.ts';
import { dropNamespace } from '#stores/postgres/namespaces.ts';
import { prepareShard } from '#stores/postgres/prepare-shard.ts';
import { disableTenantRole, dropTenantRole } from '#stores/postgres/roles.ts';
import { scramVerifier } from '#stores/postgres/scram.ts';
import { deleteTenantRows } from '#stores/postgres/tenant-rows.ts';
import { newPassword } from '#stores/secrets/new-password.ts';
import { aFolder, aSeededTenant, connect, connectAs, failureOf, remove } from './a-shard.ts';

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

const shardOf = (user: string, password: string): ShardDatabase => ({
  endpoint: cluster.endpoint,
  admin: { user, password },
  migrator: { user: 'tenantry_migrator', password: newPassword() },
});

/** As managed services give it: it makes roles and owns the database, but neither the catalogue nor the server. */
const aManagedAdmin = async (): Promise<ShardDatabase> => {
  const shard = shardOf('managed', newPassword());
  const rules = join(folder, 'data', 'pg_hba.conf');
  await writeFile(rules, `host app managed 127.0.0.1/32 scram-sha-256\n${await readFile(rules, 'utf8')}`);
  const superuser = await connect(cluster.endpoint, cluster.adminLogin);
  await superuser.query(`
    create role managed login createrole createdb password '${await scramVerifier(shard.admin.password)}';
    grant pg_monitor, pg_signal_backend to managed;
    alter database app owner to managed;
    select pg_reload_conf()`);
  await superuser.end();
  return shard;
};

test('an admin without superuser runs tenants in the same way, and is told what it could not close', async () => {
  const shard = await aManagedAdmin();
  const { closed, open } = await prepareShard(shard);
  expect(closed).not.toContain('pg_roles');
  expect(open).toEqual(
    expect.arrayContaining(['pg_stat_activity', 'pg_roles', 'pg_advisory_lock(bigint)', 'lo_create(oid)']),
  );

  const [pooled, bridged] = [await aSeededTenant(shard, { namespace: 'pool' }), await aSeededTenant(shard)];
  for (const tenant of [pooled, bridged]) {
    expect(await checkIsolation(shard, tenant.namespace)).toEqual([]);
    await probeTenant(shard.endpoint, tenant);
    const session = await connectAs(shard, tenant);
    await session.query(`begin; insert into "${tenant.namespace}".tags (name) values ('mine')`);
    expect(await guardLocks(shard, { patienceSeconds: 1, maxTransactionSeconds: 0 })).toEqual([
      { blocker: tenant.tenantId },
    ]);
    await session.end();
    await disableTenantRole(shard, tenant.tenantId);
    expect((await failureOf(connectAs(shard, tenant))).code).toBe('28000');
    await deleteTenantRows(shard, tenant.namespace, tenant.tenantId);
    await dropTenantRole(shard, tenant.tenantId);
  }
  await dropNamespace(shard, bridged.namespace);
  expect(await inventory(shard)).toEqual({ schemas: ['pool'], roles: [], rows: {} });

  // Where a superuser comes by later, it closes the rest.
  expect((await prepareShard({ ...shard, admin: cluster.adminLogin })).open).toEqual([]);
});
