import type { IsolationFault } from '#stores/postgres/isolation/isolation-check.ts';
import { drifts } from './drifts.ts';

/** A schema or a change that must be refused. `{ns}` stands for the namespace, `{tenant}` for its tenant's role. */
export interface BadSchema {
  readonly fault: IsolationFault;
  readonly object: string;
  readonly why: string;
  /** The application's own migration: seeding refuses it. */
  readonly migration?: string;
  /** What only a superuser can do to a seeded namespace: the nightly check finds it. */
  readonly drift?: { readonly make: string; readonly undo: string };
}

const tenantId = `tenant_id text collate "C" not null default session_user`;

/** A faultless table of the given name, columns and constraints. */
export const table = (name: string, ...parts: string[]) =>
  `create table ${name} (${[tenantId, 'id uuid not null default uuidv7()', 'primary key (tenant_id, id)', ...parts].join(', ')});`;

/** The namespace that drift is done to: one table with a trigger. */
export const soundSchema = `
${table('notes', 'body text')}
create function stamp() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger stamp before insert on notes for each row execute function stamp();`;

const migrations: BadSchema[] = [
  {
    fault: 'missing_tenant_id',
    why: 'a table for all tenants',
    object: '{ns}.countries',
    migration: 'create table countries (code text primary key)',
  },
  ...[
    ['another type', 'tenant_id uuid not null'],
    ['a length', 'tenant_id varchar(40) collate "C" not null default session_user'],
    ['null allowed', 'tenant_id text collate "C" default session_user'],
    ['the default collation', 'tenant_id text not null default session_user'],
    ['no default', 'tenant_id text collate "C" not null'],
    [
      'current_user, which a function of another owner changes',
      'tenant_id text collate "C" not null default current_user',
    ],
    ['a setting anybody can set', `tenant_id text collate "C" not null default current_setting('app.tenant')`],
    ['generated', `tenant_id text collate "C" not null generated always as ('x') stored`],
  ].map(
    ([why, column]): BadSchema => ({
      fault: 'tenant_id_shape',
      why: `tenant_id with ${why}`,
      object: '{ns}.notes',
      migration: `create table notes (${column}, body text)`,
    }),
  ),
  {
    fault: 'policy_not_exact',
    why: 'a policy of the same name that lets all pass',
    object: '{ns}.notes',
    migration: `${table('notes')} create policy tenant_isolation on notes using (true)`,
  },
  {
    fault: 'policy_not_exact',
    why: 'a policy on a column of the application',
    object: '{ns}.notes',
    migration: `${table('notes', 'owner text')} create policy tenant_isolation on notes using (owner = session_user)`,
  },
  {
    fault: 'policy_widens',
    why: 'a second policy that lets rows be read',
    object: '{ns}.notes.shared',
    migration: `${table('notes', 'shared boolean')} create policy shared on notes for select using (shared)`,
  },
  {
    fault: 'policy_widens',
    why: 'a second policy that lets rows be planted',
    object: '{ns}.notes.planted',
    migration: `${table('notes')} create policy planted on notes for insert with check (true)`,
  },
  {
    fault: 'unique_not_tenant_scoped',
    why: 'an email address once for all tenants',
    object: '{ns}.notes_email_key',
    migration: table('notes', 'email text unique'),
  },
  {
    fault: 'unique_not_tenant_scoped',
    why: 'tenant_id carried along, not compared',
    object: '{ns}.notes_email',
    migration: `${table('notes', 'email text')} create unique index notes_email on notes (email) include (tenant_id)`,
  },
  {
    fault: 'unique_not_tenant_scoped',
    why: 'a primary key without the tenant',
    object: '{ns}.notes_pkey',
    migration: `create table notes (${tenantId}, id uuid primary key default uuidv7())`,
  },
  {
    fault: 'unique_not_tenant_scoped',
    why: 'rooms booked out for all tenants',
    object: '{ns}.notes_during_excl',
    migration: table('notes', 'during tstzrange', 'exclude using gist (during with &&)'),
  },
  {
    fault: 'unique_not_tenant_scoped',
    why: 'an exclusion of different tenants',
    object: '{ns}.notes_tenant_id_during_excl',
    migration: table('notes', 'during tstzrange', 'exclude using gist (tenant_id with <>, during with &&)'),
  },
  {
    fault: 'fk_not_tenant_scoped',
    why: 'a reference by id alone',
    object: '{ns}.replies.replies_note_id_fkey',
    migration: `${table('notes', 'unique (id)')} ${table('replies', 'note_id uuid references notes (id)')}`,
  },
  {
    fault: 'fk_not_tenant_scoped',
    why: 'the tenant compared with another column',
    object: '{ns}.replies.replies_fkey',
    migration: `${table('notes', 'author text collate "C"', 'unique (author, id)')}
      ${table('replies', 'note_id uuid', 'constraint replies_fkey foreign key (tenant_id, note_id) references notes (author, id)')}`,
  },
  ...['on delete set null', 'on delete set default', 'on update set default'].map(
    (action): BadSchema => ({
      fault: 'fk_action_rewrites_tenant_id',
      why: action,
      object: '{ns}.replies.replies_fkey',
      migration: `${table('notes')} ${table('replies', 'note_id uuid', `constraint replies_fkey foreign key (tenant_id, note_id) references notes ${action}`)}`,
    }),
  ),
  ...[
    ['before', `perform from notes; return old;`],
    ['after', `execute 'select 1'; return old;`],
  ].map(
    ([time, body]): BadSchema => ({
      fault: 'trigger_under_cascade',
      why: `${time} delete, run as the owner by a cascade`,
      object: '{ns}.replies.look',
      migration: `${table('notes')} ${table('replies', 'note_id uuid', 'foreign key (tenant_id, note_id) references notes on delete cascade')}
        create function look() returns trigger language plpgsql as $$ begin ${body} end $$;
        create trigger look ${time} delete on replies for each row execute function look()`,
    }),
  ),
  {
    fault: 'expression_reads_tables',
    why: 'a check that counts rows',
    object: '{ns}.notes by {ns}.total()',
    migration: `${table('limits')}
      create function total() returns bigint language sql stable as $$ select count(*) from limits $$;
      ${table('notes', 'check (total() < 10)')}`,
  },
  {
    fault: 'expression_reads_tables',
    why: 'a generated column that reads rows',
    object: '{ns}.notes by {ns}.total()',
    migration: `${table('limits')}
      create function total() returns bigint language plpgsql immutable as $$ begin return (select count(*) from limits); end $$;
      ${table('notes', 'others bigint generated always as (total()) stored')}`,
  },
  {
    fault: 'index_not_tenant_leading',
    why: 'an index of email alone',
    object: '{ns}.notes_email',
    migration: `${table('notes', 'email text')} create index notes_email on notes (email)`,
  },
  {
    fault: 'index_not_tenant_leading',
    why: 'the tenant second',
    object: '{ns}.notes_email',
    migration: `${table('notes', 'email text')} create index notes_email on notes (email, tenant_id)`,
  },
  {
    fault: 'index_not_tenant_leading',
    why: 'the tenant in another collation',
    object: '{ns}.notes_email',
    migration: `${table('notes', 'email text')} create index notes_email on notes (tenant_id collate "en-x-icu", email)`,
  },
  {
    fault: 'view_not_security_invoker',
    why: "a view with its owner's rights",
    object: '{ns}.all_notes',
    migration: `${table('notes')} create view all_notes as select * from notes`,
  },
  {
    fault: 'materialized_view',
    why: 'a copy without policies',
    object: '{ns}.all_notes',
    migration: `${table('notes')} create materialized view all_notes as select * from notes`,
  },
  {
    fault: 'sequence_shared',
    why: 'serial numbers over all tenants',
    object: '{ns}.notes_number_seq',
    migration: table('notes', 'number bigserial'),
  },
  {
    fault: 'sequence_shared',
    why: 'an identity over all tenants',
    object: '{ns}.notes_number_seq',
    migration: table('notes', 'number bigint generated always as identity'),
  },
  {
    fault: 'security_definer_function',
    why: "a function with its owner's rights",
    object: '{ns}.total()',
    migration: `${table('notes')} create function total() returns bigint language sql security definer as $$ select count(*) from notes $$`,
  },
  ...[`begin perform pg_notify('notes', new.body); return new; end`, `begin notify notes; return new; end`].map(
    (body): BadSchema => ({
      fault: 'notify_in_function',
      why: body,
      object: '{ns}.tell()',
      migration: `${table('notes', 'body text')} create function tell() returns trigger language plpgsql as $$ ${body} $$`,
    }),
  ),
  {
    fault: 'advisory_lock_in_function',
    why: 'a lock that any tenant can take first',
    object: '{ns}.alone()',
    migration: `create function alone() returns boolean language sql as $$ select pg_try_advisory_lock(1) $$`,
  },
  {
    fault: 'large_object',
    why: 'a function that makes large objects',
    object: '{ns}.attach(bytea)',
    migration: 'create function attach(bytes bytea) returns oid language sql as $$ select lo_from_bytea(0, bytes) $$',
  },
  {
    fault: 'large_object',
    why: 'a column that points to large objects',
    object: '{ns}.notes.attachment',
    migration: table('notes', 'attachment oid'),
  },
  {
    fault: 'rule_on_table',
    why: 'a rule that runs as the owner',
    object: '{ns}.notes.keep',
    migration: `${table('notes')} create rule keep as on delete to notes do instead nothing`,
  },
  ...[
    ['truncate on notes', '{ns}.notes TRUNCATE'],
    ['trigger on notes', '{ns}.notes TRIGGER'],
    ['references (id) on notes', '{ns}.notes.id REFERENCES'],
    ['maintain on notes', '{ns}.notes MAINTAIN'],
    ['create on schema "{ns}"', '{ns} CREATE'],
  ].map(
    ([grant, object]): BadSchema => ({
      fault: 'tenant_privilege',
      why: grant ?? '',
      object: `${object} to {tenant}`,
      migration: `${table('notes')} grant ${grant} to {tenant}`,
    }),
  ),
  {
    fault: 'tenant_privilege',
    why: 'select for everybody',
    object: '{ns}.notes SELECT to public',
    migration: `${table('notes')} grant select on notes to public`,
  },
  {
    fault: 'tenant_privilege',
    why: 'select to be handed on',
    object: '{ns}.notes SELECT to {tenant}',
    migration: `${table('notes')} grant select on notes to {tenant} with grant option`,
  },
  {
    fault: 'default_privileges',
    why: 'tables made later open to all',
    object: 'tenantry_owner r',
    migration: 'alter default privileges grant select on tables to public',
  },
  {
    fault: 'child_outside_namespace',
    why: 'a partition where nobody looks',
    object: 'tenantry.notes_2026 of {ns}.notes',
    migration: `create table notes (${tenantId}, day date not null, primary key (tenant_id, day)) partition by range (day);
      create table tenantry.notes_2026 partition of notes for values from ('2026-01-01') to ('2027-01-01')`,
  },
];

export const badSchemas: readonly BadSchema[] = [...migrations, ...drifts];
