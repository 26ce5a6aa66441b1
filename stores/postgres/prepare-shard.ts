import { escapeIdentifier, escapeLiteral, type PoolClient } from 'pg';
import { retryOnConflict } from '#stores/retry-on-conflict.ts';
import { asAdmin } from './connection.ts';
import type { ShardDatabase } from './database.ts';
import { catalogueState, closeCatalogue } from './isolation/catalogue-grants.ts';
import { scramVerifier } from './scram.ts';
import { onCreationRace } from './sql-state.ts';

interface PrepareOptions {
  /** Extensions that the application's schema uses, created in schema `extensions`: migrations may not create any. */
  readonly extensions?: readonly string[];
}

/** The objects of pg_catalog that are closed to tenants on this shard, and those that stay open. */
export interface CatalogueReport {
  readonly closed: readonly string[];
  readonly open: readonly string[];
}

/** 50 functions seed and 50 roll back at once, and an idle instance keeps its session. */
const migratorSessions = 100;

const defaultExtensions = ['btree_gist', 'citext', 'pg_trgm'];

const roles = `
do $$ declare r text; begin
  foreach r in array '{tenantry_owner,tenantry_admin,tenantry_tenant,tenantry_pool}'::text[] loop
    if not exists (select from pg_roles where rolname = r) then execute format('create role %I nologin', r); end if;
  end loop;
  if not exists (select from pg_roles where rolname = 'tenantry_migrator') then create role tenantry_migrator; end if;
end $$;
grant tenantry_tenant to tenantry_pool with inherit true, set false;
grant tenantry_owner to tenantry_migrator with inherit false, set true;
alter role tenantry_migrator set role = 'tenantry_owner'`;

/** A superuser has all roles already; an admin that may only create roles must join the ones it uses. */
const adminMembership = `
do $$ begin
  if (select rolsuper from pg_roles where rolname = current_user) then
    grant pg_use_reserved_connections to tenantry_admin;
    grant pg_use_reserved_connections to tenantry_migrator with inherit true;
  else
    execute format('grant tenantry_owner, tenantry_admin to %I with inherit true, set true', current_user);
  end if;
end $$`;

const closeDatabases = `
do $$ declare d text; begin
  for d in select datname from pg_database where datname <> 'template0' and pg_has_role(datdba, 'usage')
  loop execute format('revoke all on database %I from public', d); end loop;
end $$`;

const schemas = `
revoke all on schema public from public;
create schema if not exists extensions; grant usage on schema extensions to public;
create schema if not exists tenantry; grant usage, create on schema tenantry to tenantry_owner;
create table if not exists tenantry.namespaces (
  namespace text primary key,
  schema_digest text,
  migrations jsonb not null default '{}',
  seeded_at timestamptz
);
grant select, update on tenantry.namespaces to tenantry_owner;
-- no DO for tenants; functions and triggers still run
revoke usage on language plpgsql, sql from public; grant usage on language plpgsql, sql to tenantry_owner`;

const prepare = async (
  client: PoolClient,
  database: string,
  migratorVerifier: string,
  extensions: readonly string[],
): Promise<CatalogueReport> => {
  const migrator = `alter role tenantry_migrator login noinherit connection limit ${migratorSessions} password ${escapeLiteral(migratorVerifier)}`;
  const connect = `grant connect on database ${escapeIdentifier(database)} to tenantry_tenant, tenantry_migrator, tenantry_admin`;
  const modules = extensions.map(
    (name) => `create extension if not exists ${escapeIdentifier(name)} schema extensions`,
  );
  const statements = [roles, adminMembership, migrator, closeDatabases, connect, schemas, ...modules, closeCatalogue];
  await client.query(statements.join(';\n'));
  const { rows } = await client.query<{ object: string; open: boolean }>(catalogueState);
  return {
    closed: rows.filter(({ open }) => !open).map(({ object }) => object),
    open: rows.filter(({ open }) => open).map(({ object }) => object),
  };
};

/**
 * Prepares a cluster and its application database for tenants: creates roles and schemas, and revokes public privileges.
 * The admin is a superuser, or owns the database and may create roles, with pg_monitor and pg_signal_backend for the
 * lock guard. A repeat changes only the migrator's password, to the given one.
 */
export const prepareShard = async (shard: ShardDatabase, options: PrepareOptions = {}): Promise<CatalogueReport> => {
  const verifier = await scramVerifier(shard.migrator.password);
  return retryOnConflict(onCreationRace, () =>
    asAdmin(shard, (client) =>
      prepare(client, shard.endpoint.database, verifier, options.extensions ?? defaultExtensions),
    ),
  );
};
