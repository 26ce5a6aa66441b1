import type { BadSchema } from './bad-schemas.ts';

/** What only a superuser can do to a namespace that was sound when it was seeded. */
export const drifts: readonly BadSchema[] = [
  {
    fault: 'rls_not_forced',
    why: 'the owner is not under the policies',
    object: '{ns}.notes',
    drift: {
      make: 'alter table {ns}.notes no force row level security',
      undo: 'alter table {ns}.notes force row level security',
    },
  },
  {
    fault: 'rls_not_forced',
    why: 'nobody is under the policies',
    object: '{ns}.notes',
    drift: {
      make: 'alter table {ns}.notes disable row level security',
      undo: 'alter table {ns}.notes enable row level security',
    },
  },
  {
    fault: 'policy_not_exact',
    why: 'a dropped policy',
    object: '{ns}.notes',
    drift: {
      make: 'alter policy tenant_isolation on {ns}.notes with check (true)',
      undo: 'alter policy tenant_isolation on {ns}.notes with check (tenant_id = session_user::text)',
    },
  },
  {
    fault: 'wrong_owner',
    why: "a superuser's table",
    object: '{ns}.extra',
    drift: { make: 'create table {ns}.extra ()', undo: 'drop table {ns}.extra' },
  },
  ...['bypassrls', 'superuser', 'login', 'createrole', 'replication'].map(
    (attribute): BadSchema => ({
      fault: 'owner_is_privileged',
      why: attribute,
      object: 'tenantry_owner',
      drift: { make: `alter role tenantry_owner ${attribute}`, undo: `alter role tenantry_owner no${attribute}` },
    }),
  ),
  {
    fault: 'foreign_table',
    why: 'rows of another server',
    object: '{ns}.remote',
    drift: {
      make: `create foreign data wrapper elsewhere; create server elsewhere foreign data wrapper elsewhere;
             create foreign table {ns}.remote (tenant_id text) server elsewhere`,
      undo: 'drop foreign data wrapper elsewhere cascade',
    },
  },
  {
    fault: 'leakproof_function',
    why: 'evaluated before the policy',
    object: '{ns}.peek(text)',
    drift: {
      make: `create function {ns}.peek(text) returns boolean language plpgsql leakproof as $$ begin return true; end $$`,
      undo: 'drop function {ns}.peek',
    },
  },
  {
    fault: 'function_language',
    why: 'code of the server itself',
    object: '{ns}.sine(double precision)',
    drift: {
      make: `create function {ns}.sine(double precision) returns double precision language internal as 'dsin'`,
      undo: 'drop function {ns}.sine',
    },
  },
  {
    fault: 'trigger_search_path',
    why: 'a trigger function that looks where its caller says',
    object: '{ns}.stamp()',
    drift: {
      make: 'alter function {ns}.stamp() reset search_path',
      undo: 'alter function {ns}.stamp() set search_path = {ns}, extensions, pg_temp',
    },
  },
  {
    fault: 'published',
    why: 'one table published',
    object: 'leak',
    drift: { make: 'create publication leak for table {ns}.notes', undo: 'drop publication leak' },
  },
  {
    fault: 'published',
    why: 'the namespace published',
    object: 'leak',
    drift: { make: 'create publication leak for tables in schema {ns}', undo: 'drop publication leak' },
  },
  {
    fault: 'object_outside_namespace',
    why: 'a table in public',
    object: 'public.shared',
    drift: { make: 'create table public.shared ()', undo: 'drop table public.shared' },
  },
  {
    fault: 'extension_not_allowed',
    why: 'a way out of the cluster',
    object: 'dblink',
    drift: { make: 'create extension dblink schema extensions', undo: 'drop extension dblink' },
  },
  {
    fault: 'event_trigger',
    why: 'code run on every change of a schema',
    object: 'spy',
    drift: {
      make: `create function extensions.spy() returns event_trigger language plpgsql as $$ begin end $$;
             create event trigger spy on sql_drop execute function extensions.spy()`,
      undo: 'drop event trigger spy; drop function extensions.spy',
    },
  },
  ...[
    ['createdb', 'alter role {tenant} createdb', 'alter role {tenant} nocreatedb'],
    ['no limit of connections', 'alter role {tenant} connection limit -1', 'alter role {tenant} connection limit 20'],
    ['reads everything', 'grant pg_read_all_data to {tenant}', 'revoke pg_read_all_data from {tenant}'],
    [
      'can become its group',
      'grant tenantry_tenant to {tenant} with set true',
      'grant tenantry_tenant to {tenant} with set false',
    ],
    ['also in the pool', 'grant tenantry_pool to {tenant} with set false', 'revoke tenantry_pool from {tenant}'],
  ].map(
    ([why, make, undo]): BadSchema => ({
      fault: 'role_not_plain',
      why: why ?? '',
      object: '{tenant}',
      drift: { make: make ?? '', undo: undo ?? '' },
    }),
  ),
  {
    fault: 'database_not_closed',
    why: 'temporary tables for all',
    object: 'public TEMP',
    drift: { make: 'grant temp on database app to public', undo: 'revoke temp on database app from public' },
  },
  {
    fault: 'database_not_closed',
    why: 'the public schema',
    object: 'schema public USAGE',
    drift: { make: 'grant usage on schema public to public', undo: 'revoke usage on schema public from public' },
  },
];
