/** What an attacker knows: its own namespace, and of the victim all but the secret. */
export interface Target {
  readonly me: string;
  readonly ns: string;
  readonly victim: string;
  readonly victimNs: string;
  readonly victimCustomer: string;
  readonly victimTicket: string;
  readonly victimEmail: string;
  readonly victimPid: number;
}

export interface Outcome {
  readonly rows: readonly Record<string, unknown>[];
  /** SQLSTATE of the statement that failed, if one did. */
  readonly code: string | undefined;
}

/** SQL run with a tenant's own login, statement by statement until one fails. */
export interface Attack {
  readonly name: string;
  readonly sql: (target: Target) => readonly string[];
  /** What makes it fail or come to nothing; a misspelt statement is neither. */
  readonly holds: (outcome: Outcome) => boolean;
}

type Sql = string | ((target: Target) => string);

const quoted = (name: string) => `"${name}"`;
const textOf = (sql: Sql, target: Target) => (typeof sql === 'string' ? sql : sql(target));
const attack = (name: string, holds: Attack['holds'], ...statements: Sql[]): Attack => ({
  name,
  holds,
  sql: (target) => statements.map((statement) => textOf(statement, target)),
});

const denied = ({ code }: Outcome) => code === '42501';
/** In a silo there is no other tenant to name: its role, schema or table is not there. */
const deniedOrMissing = (outcome: Outcome) =>
  denied(outcome) || ['22023', '3F000', '42P01', '42704'].includes(outcome.code ?? '');
const failing =
  (expected: string) =>
  ({ code }: Outcome) =>
    code === expected;
const nothing = ({ rows, code }: Outcome) => code === undefined && rows.length === 0;
/** It is the state of the victim afterwards that tells. */
const inVain = ({ code }: Outcome) => code === undefined;
const inVainOrDenied = (outcome: Outcome) => inVain(outcome) || denied(outcome);
const zero = ({ rows }: Outcome) => Object.values(rows[0] ?? {})[0] === '0';
const text = ({ rows }: Outcome) => rows.map((row) => Object.values(row).join(' ')).join('\n');

const refused = (name: string, ...statements: Sql[]) => attack(name, denied, ...statements);
const onVictim = (name: string, ...statements: Sql[]) => attack(name, deniedOrMissing, ...statements);

const reading: Attack[] = [
  attack('ask for the rows of the victim', nothing, (t) => `select * from tickets where tenant_id = '${t.victim}'`),
  attack('ask for the rows of all others', nothing, (t) => `select * from customers where tenant_id <> '${t.me}'`),
  attack('ask by the id of a row', nothing, (t) => `select * from tickets where ticket_id = '${t.victimTicket}'`),
  attack(
    'sample the pages',
    nothing,
    () => `select * from customers tablesample system (100) where tenant_id <> session_user`,
  ),
  attack(
    'count everything',
    zero,
    () => 'select count(*) - count(*) filter (where tenant_id = session_user) from customers',
  ),
  attack('look through a view', nothing, () => 'select * from open_tickets where tenant_id <> session_user'),
  attack(
    'lock rows of others for an update',
    nothing,
    () => 'select from tickets where tenant_id <> session_user for update',
  ),
  attack(
    'divide by zero where a row exists',
    nothing,
    (t) => `select 1 / (length(email) - length(email)) from customers where tenant_id = '${t.victim}'`,
  ),
  attack(
    'cast where a row exists',
    nothing,
    (t) => `select email::int from customers where email = '${t.victimEmail}' and tenant_id = '${t.victim}'`,
  ),
  attack(
    'read what an EXPLAIN filtered away',
    (o) => !text(o).includes('Rows Removed'),
    () => 'set enable_seqscan = off',
    (t) => `explain analyze select * from customers where email = '${t.victimEmail}'`,
  ),
  attack(
    'read the most common values',
    nothing,
    (t) => `select * from pg_stats where schemaname = '${t.ns}' and tablename = 'customers'`,
  ),
  attack(
    'switch row-level security off',
    denied,
    () => 'set row_security = off',
    () => 'select * from customers',
  ),
  attack(
    'call oneself another by a setting',
    nothing,
    (t) => `select set_config('tenantry.tenant', '${t.victim}', false)`,
    () => 'select * from customers where tenant_id <> session_user',
  ),
  onVictim("read the victim's namespace", (t) =>
    t.victimNs === t.ns ? 'select from tenantry.namespaces' : `select * from ${quoted(t.victimNs)}.tickets`,
  ),
  refused("read the control plane's table", 'select * from tenantry.namespaces'),
  refused('read the history of migrations', (t) => `select * from tenantry.${quoted(`migrations_${t.ns}`)}`),
  refused('fetch a row version past the policies', (t) => `select currtid2('${quoted(t.ns)}.tickets', '(0,1)')`),
  refused('read raw statistics', 'select * from pg_statistic'),
  refused('read row counts', 'select reltuples from pg_class'),
  refused('read who was granted what', 'select relacl from pg_class'),
  refused('read row counts by the whole row', 'select c from pg_class c'),
  refused('read the size of a table', `select pg_relation_size('tickets')`),
  refused('read the size with its indexes', `select pg_total_relation_size('tickets')`),
  refused('read the size of the database', 'select pg_database_size(current_database())'),
  refused('see what others are doing', 'select * from pg_stat_activity'),
  refused('see it through the function behind', 'select * from pg_stat_get_activity(null)'),
  refused('count the changes of a table', 'select * from pg_stat_user_tables'),
  refused('count them through the function behind', `select pg_stat_get_tuples_inserted('tickets'::regclass)`),
  refused('see the locks of others', 'select * from pg_locks'),
  refused('see them through the function behind', 'select * from pg_lock_status()'),
  refused('see whom a session waits for', 'select pg_blocking_pids(pg_backend_pid())'),
  refused('list the roles', 'select * from pg_roles'),
  refused('list the users', 'select * from pg_user'),
  refused('list who is in which group', 'select * from pg_auth_members'),
  refused('read the passwords', 'select rolpassword from pg_authid'),
  refused('read the passwords of the view', 'select passwd from pg_shadow'),
  refused("read the settings of others' roles", 'select * from pg_db_role_setting'),
  refused('read comments on roles', 'select * from pg_shdescription'),
  refused('name a role by its number', 'select pg_get_userbyid(10)'),
  refused('read a file of the server', `select pg_read_file('postgresql.conf')`),
  refused('list its folders', `select pg_ls_dir('.')`),
  refused('read a file by COPY', `copy counters from '/etc/passwd'`),
];

const writing: Attack[] = [
  refused(
    'insert a row for the victim',
    (t) => `insert into customers (tenant_id, name, email) values ('${t.victim}', 'x', 'planted')`,
  ),
  refused(
    "overwrite the victim's row by a conflict",
    (t) =>
      `insert into customers (tenant_id, customer_id, name, email) values ('${t.victim}', '${t.victimCustomer}', 'x', 'y')
       on conflict (tenant_id, customer_id) do update set name = 'x'`,
  ),
  refused('give a row away', (t) => `update customers set tenant_id = '${t.victim}'`),
  refused(
    'merge rows into the victim',
    (t) =>
      `merge into customers c using (values (1)) v on false when not matched then insert (tenant_id, name, email) values ('${t.victim}', 'x', 'y')`,
  ),
  attack(
    'update the rows of others',
    nothing,
    () => `update customers set name = 'x' where tenant_id <> session_user returning *`,
  ),
  attack(
    'delete the rows of others',
    nothing,
    () => `delete from comments where tenant_id <> session_user returning *`,
  ),
  attack('update without any condition', inVain, () => `update customers set name = 'mine'`),
  attack(
    'delete a row of the same id, with all that hangs on it',
    inVain,
    (t) => `insert into customers (customer_id, name, email) values ('${t.victimCustomer}', 'x', 'same id')`,
    (t) => `insert into tickets (customer_id, subject) values ('${t.victimCustomer}', 'x')`,
    (t) => `delete from customers where customer_id = '${t.victimCustomer}'`,
  ),
  attack(
    "learn whether the victim's ticket exists",
    failing('23503'),
    (t) => `insert into comments (ticket_id, body) values ('${t.victimTicket}', 'x')`,
  ),
  attack(
    'learn whether an address is taken',
    inVain,
    (t) => `insert into customers (name, email) values ('x', '${t.victimEmail}')`,
  ),
  refused('empty a table', 'truncate ticket_history'),
  refused('empty a table with what hangs on it', 'truncate customers cascade'),
  refused(
    'put a trigger on a table',
    'create trigger spy before insert on comments for each row execute function record_status()',
  ),
  refused('put a rule on a table', 'create rule spy as on insert to comments do also notify spy'),
  refused('add a policy', 'create policy spy on customers using (true)'),
  refused('change a policy', 'alter policy tenant_isolation on customers using (true)'),
  refused('drop a policy', 'drop policy tenant_isolation on customers'),
  refused('switch row-level security off for the table', 'alter table customers disable row level security'),
  refused('drop a table', 'drop table ticket_tags'),
  refused('make an index', 'create index on customers (email)'),
  refused(
    'replace a trigger function',
    `create or replace function number_ticket() returns trigger language sql as 'select 1'`,
  ),
  refused('change where a trigger function looks', 'alter function number_ticket() reset search_path'),
  refused('make a view in the namespace', 'create view spy as select 1'),
  refused('make a table in the namespace', 'create table spy (x int)'),
  refused('shadow a table by a temporary one', 'create temp table ticket_history (x int)'),
  refused('make a table in public', 'create table public.spy (x int)'),
  refused("make a table in the control plane's schema", 'create table tenantry.spy (x int)'),
  refused('make a table among the extensions', 'create table extensions.spy (x int)'),
  refused('make a schema', 'create schema spy'),
  refused('make a function', `create function extensions.spy() returns int language sql as 'select 1'`),
  refused('run code by DO', 'do $$ begin end $$'),
  refused('make an extension', 'create extension hstore'),
  refused('make a publication', 'create publication spy'),
  refused('make an event trigger', 'create event trigger spy on ddl_command_end execute function record_status()'),
  refused('make statistics on a table', 'create statistics spy on name, email from customers'),
  refused('comment on a table', `comment on table customers is 'mine'`),
];

const escalating: Attack[] = [
  ...['tenantry_owner', 'tenantry_migrator', 'tenantry_admin', 'tenantry_tenant', 'tenantry_pool', 'postgres'].map(
    (role) => refused(`become ${role}`, `set role ${role}`),
  ),
  onVictim('become the victim', (t) => `set role ${quoted(t.victim)}`),
  onVictim('log in as the victim within a session', (t) => `set session authorization ${quoted(t.victim)}`),
  refused('join the pool', 'grant tenantry_pool to current_user'),
  refused('join the control plane', 'grant tenantry_admin to current_user'),
  refused('read everything by a role of the server', 'grant pg_read_all_data to current_user'),
  attack(
    'hand on what one may do',
    (outcome) => inVain(outcome) || deniedOrMissing(outcome),
    (t) => `grant usage on schema ${quoted(t.ns)} to public`,
    (t) => `grant select on customers to ${quoted(t.victim)}`,
  ),
  onVictim("change the victim's password", (t) => `alter role ${quoted(t.victim)} password 'x'`),
  onVictim("change the victim's settings", (t) => `alter role ${quoted(t.victim)} set search_path = ''`),
  onVictim('drop the victim', (t) => `drop role ${quoted(t.victim)}`),
  onVictim("drop what is the victim's", (t) => `drop owned by ${quoted(t.victim)}`),
  onVictim("take what is the victim's", (t) => `reassign owned by ${quoted(t.victim)} to current_user`),
  attack("take away the group's rights", inVainOrDenied, () => 'drop owned by tenantry_tenant'),
  attack("take away the pool's rights", inVainOrDenied, () => 'drop owned by tenantry_pool'),
  ...[
    'superuser',
    'bypassrls',
    'createrole',
    'createdb',
    'replication',
    'connection limit 1000',
    `valid until 'infinity'`,
  ].map((attribute) => refused(`give oneself ${attribute}`, `alter role current_user ${attribute}`)),
  refused('lift the limit of temporary files', `set temp_file_limit = -1`),
  refused('lift it in the role', 'alter role current_user set temp_file_limit = -1'),
  refused('switch triggers and keys off', 'set session_replication_role = replica'),
  refused('load a library', `load 'auto_explain'`),
  refused('load one at the next login', `alter role current_user set session_preload_libraries = 'auto_explain'`),
  refused('make a role', 'create role spy'),
  refused('make a database', 'create database spy'),
  refused('change the server', 'alter system set log_statement = none'),
  refused('reload the server', 'select pg_reload_conf()'),
  refused('run a program', `copy (select 1) to program 'id'`),
];

const disturbing: Attack[] = [
  refused("end the victim's session", (t) => `select pg_terminate_backend(${t.victimPid})`),
  refused("cancel the victim's query", (t) => `select pg_cancel_backend(${t.victimPid})`),
  refused('hold the lock of migrations', 'select pg_advisory_lock(7241865325823964)'),
  refused('try an advisory lock', 'select pg_try_advisory_xact_lock(1)'),
  onVictim("lock the victim's table", 'begin', (t) =>
    t.victimNs === t.ns
      ? 'lock table tenantry.namespaces'
      : `lock table ${quoted(t.victimNs)}.tickets in access share mode`,
  ),
  refused('lock a table of the catalogue', 'begin', 'lock table pg_class in access exclusive mode'),
  attack(
    'leave a prepared transaction behind',
    failing('55000'),
    'begin',
    'insert into counters (name) values (gen_random_uuid()::text)',
    `prepare transaction 'stay'`,
  ),
  refused('notify by the function', `select pg_notify('news', 'x')`),
  refused('write into the log of changes', `select pg_logical_emit_message(false, 'x', 'y')`),
  refused('hold the log by a slot', `select pg_create_logical_replication_slot('spy', 'pgoutput')`),
  refused('start a new segment of the log', 'select pg_switch_wal()'),
  refused('hold a snapshot open', 'select pg_export_snapshot()'),
  refused('make a large object', `select lo_from_bytea(0, 'x')`),
  refused('read a large object', 'select lo_get(1)'),
  refused('open a large object', 'select lo_open(1, 262144)'),
  refused('reset the statistics', 'select pg_stat_reset()'),
  attack('rewrite a table', inVain, () => 'vacuum customers'),
  attack('forge the statistics of a table', inVain, () => 'analyze customers'),
  refused('reorder a table', 'cluster customers using customers_pkey'),
  refused('rebuild an index', 'reindex table customers'),
];

/** Each must be refused or harmless in every tier; afterwards the victim's rows and rights are as before. */
export const attacks: Readonly<Record<string, readonly Attack[]>> = { reading, writing, escalating, disturbing };
