import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TenantAccess } from '#stores/postgres/database.ts';
import { checkIsolation, isolationFaults } from '#stores/postgres/isolation/isolation-check.ts';
import { isolationCheckSql } from '#stores/postgres/isolation/isolation-check-sql.ts';
import { probeTenant } from '#stores/postgres/isolation/probe-tenant.ts';
import { seedSchema } from '#stores/postgres/seed-schema.ts';
import { aSchema, aSeededTenant, aTenant, failureOf, helpdesk, startShard, type TestShard } from './a-shard.ts';
import { badSchemas, soundSchema } from './bad-schemas.ts';
import { goodSchemas } from './good-schemas.ts';

let place: TestShard;
let empty: TenantAccess;
let sound: TenantAccess;
const filled = (text: string, { tenantId, namespace }: TenantAccess) =>
  text.replaceAll('{ns}', namespace).replaceAll('{tenant}', tenantId);

beforeAll(async () => {
  place = await startShard();
  empty = await aTenant(place.shard);
  sound = await aSeededTenant(place.shard, { schema: await aSchema(soundSchema) });
});
afterAll(() => place.stop());

describe('a schema that keeps tenants apart passes', () => {
  test.each(Object.entries(goodSchemas))('%s', async (_name, sql) => {
    const tenant = await aSeededTenant(place.shard, { schema: await aSchema(sql) });
    expect(await checkIsolation(place.shard, tenant.namespace)).toEqual([]);
    await probeTenant(place.shard.endpoint, tenant);
  });

  test('the helpdesk, in a namespace of its own and in the pool', async () => {
    await aSeededTenant(place.shard, { schema: helpdesk });
    await aSeededTenant(place.shard, { schema: helpdesk, namespace: 'pool' });
    expect(await checkIsolation(place.shard, 'pool')).toEqual([]);
  });
});

describe('a schema that lets tenants meet is refused by name', () => {
  test.each(badSchemas.filter(({ migration }) => migration))(
    '$fault: $why',
    async ({ fault, object, migration = '' }) => {
      const schema = await aSchema(filled(migration, empty));
      const failure = await failureOf(seedSchema(place.shard, empty.namespace, schema));
      expect(failure).toMatchObject({ code: 'schema_not_isolated' });
      expect(failure.message).toContain(`${fault}: ${filled(object, empty)}`);
      expect(
        await place.sql('select from pg_class where relnamespace = $1::text::regnamespace', [empty.namespace]),
      ).toEqual([]);
    },
  );

  test.each(badSchemas.filter(({ drift }) => drift))('$fault, made later: $why', async ({ fault, object, drift }) => {
    await place.sql(filled(drift!.make, sound));
    try {
      const faults = await checkIsolation(place.shard, sound.namespace);
      expect(faults).toContainEqual(expect.objectContaining({ fault, object: filled(object, sound) }));
    } finally {
      await place.sql(filled(drift!.undo, sound));
    }
    expect(await checkIsolation(place.shard, sound.namespace)).toEqual([]);
  });
});

test('every fault of the check is named, explained, and has a schema that shows it', async () => {
  const quoted = [...isolationCheckSql.matchAll(/'([a-z]+(?:_[a-z]+)+|published)'/g)].map(([, name]) => name ?? '');
  expect(new Set(quoted.filter((name) => !/^(pg_|tenantry_|tenant_id$|security_invoker$)/.test(name)))).toEqual(
    new Set(isolationFaults),
  );
  expect(new Set(badSchemas.map(({ fault }) => fault))).toEqual(new Set(isolationFaults));
  const page = await readFile(join(import.meta.dirname, '../../../docs/schema.md'), 'utf8');
  expect(isolationFaults.filter((fault) => !page.includes(`\n| \`${fault}\` |`))).toEqual([]);
});
