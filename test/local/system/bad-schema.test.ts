import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newSystem, type System } from './harness.ts';

let system: System;
beforeAll(async () => {
  system = await newSystem();
  const schema = join(system.folder, 'schema');
  await cp(join(import.meta.dirname, '../../../examples/helpdesk/schema'), schema, { recursive: true });
  await writeFile(join(schema, '0003_notes.sql'), 'create table notes (id uuid primary key, note text);');
  await system.start(['--no-examples', '--schema', schema]);
});
afterAll(() => system.remove());

it.each(['starter', 'growth', 'enterprise'])(
  'a schema that lets tenants meet fails a %s tenant by name',
  async (tier) => {
    const { tenant, operation } = (await system.onboard({ tier })).body;
    expect(await system.untilOperation(operation.id)).toMatchObject({
      status: 'rolled-back',
      failure: {
        step: 'seed-schema',
        code: 'schema_not_isolated',
        message: expect.stringMatching(/missing_tenant_id: \S*notes/),
      },
    });
    expect(await system.tracesOf(tenant.tenantId)).toEqual([]);
  },
);
