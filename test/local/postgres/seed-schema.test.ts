import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { probeTenant } from '#stores/postgres/isolation/probe-tenant.ts';
import { guardLocks } from '#stores/postgres/lock-guard.ts';
import { createNamespace } from '#stores/postgres/namespaces.ts';
import { createTenantRole, dropTenantRole } from '#stores/postgres/roles.ts';
import { seedSchema } from '#stores/postgres/seed-schema.ts';
import {
  aFolder,
  aSchema,
  aSeededTenant,
  aTenant,
  connect,
  connectAs,
  failureOf,
  helpdesk,
  remove,
  startShard,
  type TestShard,
} from './a-shard.ts';
import { table } from './bad-schemas.ts';

let place: TestShard;
beforeAll(async () => {
  place = await startShard();
});
afterAll(() => place.stop());

const tablesOf = async (namespace: string) => {
  const rows = await place.sql<{ name: string }>(
    `select relname as name from pg_class where relnamespace = $1::text::regnamespace and relkind = 'r' order by 1`,
    [namespace],
  );
  return rows.map(({ name }) => name);
};

const someoneWaits = async () => (await place.sql('select from pg_locks where not granted')).length > 0;

test('fifty pooled tenants at once share one seeding, and each is healthy', async () => {
  const onboard = async () => {
    const tenant = await aTenant(place.shard, { namespace: 'pool' });
    const { migrations } = await seedSchema(place.shard, 'pool', helpdesk);
    await probeTenant(place.shard.endpoint, tenant);
    return migrations;
  };
  const ran = await Promise.all(Array.from({ length: 50 }, onboard));
  expect(ran.flat()).toEqual(['0001_tickets.sql', '0002_tags_and_history.sql']);
  expect(await place.sql('select name from tenantry.migrations_pool order by id')).toEqual([
    { name: '0001_tickets' },
    { name: '0002_tags_and_history' },
  ]);
});

test('a namespace that is up to date is left as it is', async () => {
  const { namespace } = await aSeededTenant(place.shard);
  const seededAt = () => place.sql('select seeded_at from tenantry.namespaces where namespace = $1', [namespace]);
  const before = await seededAt();
  expect(await seedSchema(place.shard, namespace, helpdesk)).toEqual({ migrations: [] });
  expect(await seededAt()).toEqual(before);
});

test('a new migration runs alone, sees the rows of all tenants, and its tables are protected', async () => {
  const schema = await aSchema(table('notes', 'body text'));
  const tenant = await aSeededTenant(place.shard, { schema });
  const session = await connectAs(place.shard, tenant);
  await session.query(`insert into "${tenant.namespace}".notes (body) values ('old')`);
  await writeFile(join(schema, '0002_more.sql'), `update notes set body = 'new'; ${table('more')}`);
  expect(await seedSchema(place.shard, tenant.namespace, schema)).toEqual({ migrations: ['0002_more.sql'] });
  const { rows } = await session.query(
    `select body, (select count(*) from "${tenant.namespace}".more) from "${tenant.namespace}".notes`,
  );
  expect(rows).toEqual([{ body: 'new', count: '0' }]);
  await session.end();
});

test('a broken migration is named with what Postgres says, leaves nothing, and can be mended', async () => {
  const { namespace } = await aTenant(place.shard);
  const schema = await aSchema(table('notes'), 'create table broken (x nosuchtype)');
  const failure = await failureOf(seedSchema(place.shard, namespace, schema));
  expect(failure).toMatchObject({
    code: 'migration_failed',
    message: '0002_schema.sql: type "nosuchtype" does not exist',
  });
  expect(await tablesOf(namespace)).toEqual([]);
  await writeFile(join(schema, '0002_schema.sql'), table('mended'));
  await seedSchema(place.shard, namespace, schema);
  expect(await tablesOf(namespace)).toEqual(['mended', 'notes', 'tenantry_probe']);
});

test('a schema that stops being isolated is taken back, and the tenants keep what they had', async () => {
  const schema = await aSchema(table('notes'));
  const { namespace } = await aSeededTenant(place.shard, { schema });
  await writeFile(
    join(schema, '0002_shared.sql'),
    'create table shared (x int); create policy wide on notes using (true)',
  );
  const failure = await failureOf(seedSchema(place.shard, namespace, schema));
  expect(failure.code).toBe('schema_not_isolated');
  expect(failure.message).toContain(`missing_tenant_id: ${namespace}.shared; policy_not_exact: ${namespace}.shared`);
  expect(failure.message).toContain(`policy_widens: ${namespace}.notes.wide`);
  expect(await tablesOf(namespace)).toEqual(['notes', 'tenantry_probe']);
  expect(await place.sql(`select from pg_policy where polname = 'wide'`)).toEqual([]);
});

test.each([
  [
    'changed after it had run',
    async (schema: string) => writeFile(join(schema, '0001_schema.sql'), table('renamed')),
    '0001_schema.sql was changed after it ran',
  ],
  [
    'put before one that has run',
    async (schema: string) => writeFile(join(schema, '0000_first.sql'), table('first')),
    'Not run migration 0000_first is preceding already run migration',
  ],
  [
    'that ends its transaction',
    async (schema: string) => writeFile(join(schema, '0002_end.sql'), 'commit'),
    '0002_end.sql: a migration may not end its transaction',
  ],
  [
    'that makes a schema',
    async (schema: string) => writeFile(join(schema, '0002_spy.sql'), 'create schema spy'),
    '0002_spy.sql: permission denied for database app',
  ],
  [
    'that makes an extension',
    async (schema: string) => writeFile(join(schema, '0002_ext.sql'), 'create extension hstore'),
    '0002_ext.sql: permission denied to create extension "hstore"',
  ],
  [
    'that goes backward',
    async (schema: string) => writeFile(join(schema, '0002_down.sql'), '-- Down Migration\ndrop table notes'),
    '0002_down.sql has a "Down Migration" section',
  ],
  [
    'with a number of another width',
    async (schema: string) => writeFile(join(schema, '10_late.sql'), table('late')),
    "10_late.sql: a migration's name is a number of fixed width",
  ],
])('a migration %s is refused', async (_what, change, message) => {
  const schema = await aSchema(table('notes'));
  const { namespace } = await aSeededTenant(place.shard, { schema });
  await change(schema);
  const failure = await failureOf(seedSchema(place.shard, namespace, schema));
  expect(failure.code).toBe('migration_failed');
  expect(failure.message).toContain(message);
  expect(await tablesOf(namespace)).toEqual(['notes', 'tenantry_probe']);
});

test('a folder without migrations, no folder, and no namespace are told apart', async () => {
  const folder = await aFolder();
  const { namespace } = await aTenant(place.shard);
  expect((await failureOf(seedSchema(place.shard, namespace, folder))).message).toContain('contains no .sql file');
  await remove(folder);
  expect((await failureOf(seedSchema(place.shard, namespace, folder))).message).toContain('cannot be read');
  expect(await failureOf(seedSchema(place.shard, 'nowhere', helpdesk))).toMatchObject({
    code: 'migration_failed',
    message: 'The shard has no namespace nowhere.',
  });
});

test('a tenant that holds a table in a transaction delays a migration but does not stop it', async () => {
  const schema = await aSchema(table('notes'));
  const tenant = await aSeededTenant(place.shard, { schema });
  const session = await connectAs(place.shard, tenant);
  await session.query('begin');
  await session.query(`select from "${tenant.namespace}".notes`);
  await writeFile(join(schema, '0002_wider.sql'), 'alter table notes add column body text');
  const seeding = seedSchema(place.shard, tenant.namespace, schema);
  const ended: unknown[] = [];
  while (ended.length === 0) {
    ended.push(...(await guardLocks(place.shard, { patienceSeconds: 0.5, maxTransactionSeconds: 300 })));
    await sleep(50);
  }
  expect(ended).toEqual([{ blocker: tenant.tenantId, waiter: 'tenantry_migrator' }]);
  expect(await seeding).toEqual({ migrations: ['0002_wider.sql'] });
  await session.end();
});

test('a migration that cannot have its lock steps aside for the others, and comes back', async () => {
  const schema = await aSchema(table('notes'));
  const { namespace } = await aSeededTenant(place.shard, { schema });
  const holder = await connect(place.shard.endpoint, place.shard.admin);
  await holder.query(`begin; lock table "${namespace}".notes in access share mode`);
  await writeFile(join(schema, '0002_wider.sql'), 'alter table notes add column body text');
  const seeding = seedSchema(place.shard, namespace, schema);
  while (!(await someoneWaits())) await sleep(20);
  while (await someoneWaits()) await sleep(20);
  await holder.query('commit');
  expect(await seeding).toEqual({ migrations: ['0002_wider.sql'] });
  await holder.end();
});

test('a namespace is granted to a role that was made anew, also when asked many times at once', async () => {
  const tenant = await aSeededTenant(place.shard);
  await dropTenantRole(place.shard, tenant.tenantId);
  await createTenantRole(place.shard, tenant);
  await Promise.all(Array.from({ length: 10 }, () => createNamespace(place.shard, tenant.namespace)));
  expect(await seedSchema(place.shard, tenant.namespace, helpdesk)).toEqual({ migrations: [] });
  await probeTenant(place.shard.endpoint, tenant);
});

test('a namespace is made once however often it is asked for', async () => {
  const { namespace } = await aTenant(place.shard);
  await Promise.all(Array.from({ length: 10 }, () => createNamespace(place.shard, namespace)));
  await Promise.all(Array.from({ length: 10 }, () => seedSchema(place.shard, namespace, helpdesk)));
  expect(await place.sql(`select count(*) from tenantry."migrations_${namespace}"`)).toEqual([{ count: '2' }]);
});
