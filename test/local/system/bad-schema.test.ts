import { cp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { config } from '#config';
import { newSystem, type System } from './harness.ts';

let system: System;
let migration: string;
beforeAll(async () => {
  system = await newSystem();
  const schema = join(system.folder, 'schema');
  migration = join(schema, '0003_countries.sql');
  await cp(config.schema, schema, { recursive: true });
  await writeFile(migration, badMigration);
  await system.start(['--no-examples', '--no-console', '--schema', schema]);
});
afterAll(() => system.remove());

const badMigration = `
create table countries (code text primary key);
create view open_subjects as select subject from tickets;`;

it.each(['starter', 'growth', 'enterprise'])(
  'refuses %s tenants while the schema would let tenants meet, and takes them once it is mended',
  async (tier) => {
    await writeFile(migration, badMigration);
    const before = await system.inventory();
    const { tenant, operation } = (await system.onboard({ tier })).body;
    const ended = await system.untilOperation(operation.id);
    const namespace = tier === 'starter' ? 'pool' : tenant.tenantId;
    const failure = { step: 'seed-schema', code: 'schema_not_isolated' };
    expect(ended).toMatchObject({ status: 'rolled-back', failure });
    expect(ended.failure?.message).toContain(`missing_tenant_id: ${namespace}.countries`);
    expect(ended.failure?.message).toContain(`view_not_security_invoker: ${namespace}.open_subjects`);
    expect(ended.steps.map(({ status, attempts }) => `${status} ${attempts}`)).toEqual([
      'undone 1',
      'failed 1',
      ...Array<string>(4).fill('skipped 0'),
    ]);
    expect(await system.tenant(tenant.tenantId)).toMatchObject({ status: 'failed', failure: ended.failure });
    expect(await system.tracesOf(tenant.tenantId)).toEqual([]);
    expect(await system.inventory()).toEqual(before);

    await rm(migration);
    await system.call(`/v1/tenants/${tenant.tenantId}/retry`, { method: 'POST' });
    await system.until(`${tenant.slug} to be active`, async () => {
      const { status, failure: again } = await system.tenant(tenant.tenantId);
      return status === 'active' ? true : { not: { status, again } };
    });
  },
);

it('refuses a tenant whose migration does not run, and names the file and the reason', async () => {
  await writeFile(migration, 'create table countries (code nonsense);');
  const { tenant, operation } = (await system.onboard({ tier: 'growth' })).body;
  const failure = {
    step: 'seed-schema',
    code: 'migration_failed',
    message: expect.stringMatching(/0003_countries.*"nonsense" does not exist/),
  };
  expect(await system.untilOperation(operation.id)).toMatchObject({ status: 'rolled-back', failure });
  expect(await system.tracesOf(tenant.tenantId)).toEqual([]);
});
