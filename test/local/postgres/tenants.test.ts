import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inventory } from '#stores/postgres/inventory.ts';
import { dropNamespace } from '#stores/postgres/namespaces.ts';
import { createTenantRole, disableTenantRole, dropTenantRole, enableTenantRole } from '#stores/postgres/roles.ts';
import { countTenantRows, deleteTenantRows } from '#stores/postgres/tenant-rows.ts';
import { newPassword } from '#stores/secrets/new-password.ts';
import {
  aSchema,
  aSeededTenant,
  aTenant,
  aTenantId,
  connectAs,
  failureOf,
  startShard,
  type TestShard,
} from './a-shard.ts';
import { table } from './bad-schemas.ts';

let place: TestShard;
beforeAll(async () => {
  place = await startShard();
});
afterAll(() => place.stop());

const groupsOf = (tenantId: string) =>
  place.sql(
    `select roleid::regrole::text as "group", inherit_option as inherits, set_option as becomes, admin_option as admin
       from pg_auth_members where member = $1::text::regrole`,
    [quoted(tenantId)],
  );
const quoted = (name: string) => `"${name}"`;

describe("a tenant's role", () => {
  test('is made once however often it is asked for, and logs in', async () => {
    const access = { tenantId: aTenantId(), password: newPassword(), namespace: 'pool' };
    await Promise.all(Array.from({ length: 10 }, () => createTenantRole(place.shard, access)));
    const session = await connectAs(place.shard, access);
    const { rows } = await session.query('show temp_file_limit');
    expect(rows).toEqual([{ temp_file_limit: '1GB' }]);
    await session.end();
    expect(await groupsOf(access.tenantId)).toEqual([
      { group: 'tenantry_pool', inherits: true, becomes: false, admin: false },
    ]);
  });

  test('takes a new password and another group when asked again', async () => {
    const access = await aTenant(place.shard, { namespace: 'pool' });
    const renewed = { ...access, password: newPassword(), namespace: access.tenantId };
    await createTenantRole(place.shard, renewed);
    expect((await failureOf(connectAs(place.shard, access))).code).toBe('28P01');
    await (await connectAs(place.shard, renewed)).end();
    expect(await groupsOf(access.tenantId)).toMatchObject([{ group: 'tenantry_tenant' }]);
  });

  test('is suspended at once: its sessions end and it cannot log in until it is resumed', async () => {
    const access = await aTenant(place.shard);
    const session = await connectAs(place.shard, access);
    await disableTenantRole(place.shard, access.tenantId);
    await disableTenantRole(place.shard, access.tenantId);
    expect((await failureOf(session.query('select 1'))).message).toMatch(/terminat|not queryable/);
    expect((await failureOf(connectAs(place.shard, access))).code).toBe('28000');
    await enableTenantRole(place.shard, access.tenantId);
    await enableTenantRole(place.shard, access.tenantId);
    await (await connectAs(place.shard, access)).end();
  });

  test('that is not there cannot be resumed, but suspended and dropped without harm', async () => {
    expect((await failureOf(enableTenantRole(place.shard, aTenantId()))).code).toBe('not_found');
    await disableTenantRole(place.shard, aTenantId());
    await dropTenantRole(place.shard, aTenantId());
  });

  test('never shows its password or verifier to other roles, nor the password to the server', async () => {
    const { tenantId, password } = await aTenant(place.shard);
    const rows = await place.sql<{ rolpassword: string }>('select rolpassword from pg_authid where rolname = $1', [
      tenantId,
    ]);
    expect(rows[0]?.rolpassword).toMatch(/^SCRAM-SHA-256\$4096:/);
    expect(rows[0]?.rolpassword).not.toContain(password);
  });
});

describe('removal', () => {
  test('leaves nothing of a tenant, whatever it was doing and in whichever order', async () => {
    const before = await inventory(place.shard);
    const tenants = await Promise.all(Array.from({ length: 4 }, () => aSeededTenant(place.shard)));
    for (const [at, tenant] of tenants.entries()) {
      const session = await connectAs(place.shard, tenant);
      await session.query('alter default privileges grant all on tables to public');
      await session.query('begin');
      await session.query(`insert into ${quoted(tenant.namespace)}.tags (name) values ('mine')`);
      const steps = [
        () => dropTenantRole(place.shard, tenant.tenantId),
        () => dropNamespace(place.shard, tenant.namespace),
      ];
      if (at % 2 === 1) await session.query('commit');
      for (const step of at % 2 === 1 ? steps.toReversed() : steps) {
        await step();
        await step();
      }
      await session.end();
    }
    expect(await inventory(place.shard)).toEqual(before);
    expect(await place.sql(`select from pg_class where relname ~ 'tn_'`)).toEqual([]);
    expect(
      await place.sql(`select from tenantry.namespaces where namespace ~ '^tn_' and seeded_at is not null`),
    ).toEqual([]);
    expect(await place.sql('select from pg_default_acl')).toEqual([]);
  });
});

describe("a tenant's rows", () => {
  const tangled = `
    ${table('teams', 'lead_id uuid')}
    ${table('people', 'team_id uuid', 'boss_id uuid', 'foreign key (tenant_id, team_id) references teams', 'foreign key (tenant_id, boss_id) references people on delete restrict')}
    alter table teams add foreign key (tenant_id, lead_id) references people;
    ${table('tasks', 'person_id uuid', 'foreign key (tenant_id, person_id) references people on delete cascade')}
    ${table('log', 'what text')}
    create function record() returns trigger language plpgsql as $$ begin
      insert into log (tenant_id, what) values (old.tenant_id, 'gone'); return null; end $$;
    create trigger record after delete on people for each row execute function record();
    create table events (tenant_id text collate "C" not null default session_user, day date not null, primary key (tenant_id, day)) partition by range (day);
    create table events_all partition of events default`;

  test('are deleted from the pool through references of every kind, and no one else loses any', async () => {
    const schema = await aSchema(tangled);
    const wish = { namespace: 'pool', schema } as const;
    const [leaver, stayer] = [await aSeededTenant(place.shard, wish), await aSeededTenant(place.shard, wish)];
    for (const tenant of [leaver, stayer]) {
      const session = await connectAs(place.shard, tenant, { options: '-c search_path=pool' });
      await session.query(`
        insert into teams (id) values ('00000000-0000-0000-0000-000000000001');
        insert into people (id, team_id) values ('00000000-0000-0000-0000-000000000002', '00000000-0000-0000-0000-000000000001');
        insert into people (boss_id) values ('00000000-0000-0000-0000-000000000002');
        update teams set lead_id = '00000000-0000-0000-0000-000000000002';
        insert into tasks (person_id) values ('00000000-0000-0000-0000-000000000002');
        insert into events values (default, '2026-01-01')`);
      await session.end();
    }
    expect(await countTenantRows(place.shard, 'pool', leaver.tenantId)).toBe(5);
    expect((await inventory(place.shard)).rows).toEqual({ [leaver.tenantId]: 5, [stayer.tenantId]: 5 });
    // Five, and the two that the trigger writes about them.
    expect(await deleteTenantRows(place.shard, 'pool', leaver.tenantId)).toBe(7);
    expect(await deleteTenantRows(place.shard, 'pool', leaver.tenantId)).toBe(0);
    expect((await inventory(place.shard)).rows).toEqual({ [stayer.tenantId]: 5 });
  });

  test('are none where the namespace has no tables or is not there', async () => {
    const { tenantId, namespace } = await aTenant(place.shard);
    expect(await countTenantRows(place.shard, namespace, tenantId)).toBe(0);
    expect(await deleteTenantRows(place.shard, namespace, tenantId)).toBe(0);
    expect(await deleteTenantRows(place.shard, 'nowhere', tenantId)).toBe(0);
  });
});
