import { escapeIdentifier, escapeLiteral } from 'pg';
import { oneNamespace } from './catalogue-plans.ts';

/** The control plane's own table in every namespace, which health checks write and read. */
export const probeTable = 'tenantry_probe';

const probeTableSql = `
create table if not exists ${probeTable} (
  tenant_id text collate "C" not null default session_user,
  probe uuid not null,
  written_at timestamptz not null default now(),
  primary key (tenant_id, probe)
)`;

const loopOver = (select: string, ...statements: string[]) => `
  for o in ${select} loop
    ${statements.map((statement) => `execute ${statement};`).join('\n    ')}
  end loop;`;

const tables = `select oid, oid::regclass as name, relrowsecurity and relforcerowsecurity as forced
                  from pg_class where relnamespace = ns and relkind in ('r','p') and relowner = 'tenantry_owner'::regrole`;
const lacksPolicy = (name: string) =>
  `select * from (${tables}) t
    where not exists (select from pg_policy where polrelid = t.oid and polname = '${name}')
      and exists (select from pg_attribute a where attrelid = t.oid and attname = 'tenant_id' and atttypid = 'text'::regtype)`;

/**
 * Run by the owner after the migrations: row-level security and its two policies on every table, partitions included,
 * then the grants, then a fixed search path on every routine. pg_temp comes last in it: unnamed, it is searched first.
 * It changes only objects that lack something, because each change of a table waits for all its users, and skips what it
 * cannot protect, which the isolation check then reports.
 */
export const protection = (namespace: string, grantee: string): string => {
  const path = `${escapeIdentifier(namespace)}, extensions, pg_temp`;
  const role = escapeIdentifier(grantee);
  return `${probeTableSql};
${oneNamespace};
do $protect$ declare ns oid := to_regnamespace(${escapeLiteral(escapeIdentifier(namespace))}); o record; begin
${loopOver(
  `select * from (${tables}) t where not forced`,
  `format('alter table %s enable row level security, force row level security', o.name)`,
)}
${loopOver(
  lacksPolicy('tenant_isolation'),
  `format('create policy tenant_isolation on %s using (tenant_id = session_user::text) with check (tenant_id = session_user::text)', o.name)`,
)}
${loopOver(
  lacksPolicy('tenantry_migration'),
  `format('create policy tenantry_migration on %s to tenantry_owner using (session_user = ''tenantry_migrator'')', o.name)`,
)}
${loopOver(
  `select * from (${tables}) t where not (
      select count(*) = 4 from unnest('{select,insert,update,delete}'::text[]) p where has_table_privilege(${escapeLiteral(grantee)}, t.oid, p))`,
  `format('grant select, insert, update, delete on %s to %s', o.name, ${escapeLiteral(role)})`,
)}
${loopOver(
  `select p.oid::regprocedure as name from pg_proc p
    where pronamespace = ns and prokind in ('f','p','w') and proowner = 'tenantry_owner'::regrole
      and not exists (select from pg_depend where classid = 'pg_proc'::regclass and objid = p.oid and deptype = 'e')`,
  `format('alter routine %s set search_path = %s', o.name, ${escapeLiteral(path)})`,
)}
${loopOver(
  `select oid::regclass as name from pg_class where relnamespace = ns and relkind = 'v' and relowner = 'tenantry_owner'::regrole`,
  `format('grant select on %s to %s', o.name, ${escapeLiteral(role)})`,
)}
end $protect$`;
};
