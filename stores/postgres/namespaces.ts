import { escapeIdentifier, type PoolClient } from 'pg';
import { retryOnConflict } from '#stores/retry-on-conflict.ts';
import { asAdmin, withSession } from './connection.ts';
import { granteeOf, type ShardDatabase } from './database.ts';
import { onContention } from './sql-state.ts';

/** The table in schema `tenantry` that records which migrations have run in a namespace. */
export const historyTableOf = (namespace: string): string => `migrations_${namespace}`;

const isCreated = async (client: PoolClient, namespace: string): Promise<boolean> => {
  const { rowCount } = await client.query(
    `select from tenantry.namespaces join pg_namespace on nspname = namespace
      where namespace = $1 and has_schema_privilege($2, nspname, 'usage')`,
    [namespace, granteeOf(namespace)],
  );
  return rowCount === 1;
};

const create = async (client: PoolClient, namespace: string): Promise<void> => {
  // Two sessions must not grant on one schema at once: the second waits for the row and finds the work done.
  await client.query('insert into tenantry.namespaces (namespace) values ($1) on conflict do nothing', [namespace]);
  await client.query('select from tenantry.namespaces where namespace = $1 for update', [namespace]);
  if (await isCreated(client, namespace)) return;
  const schema = escapeIdentifier(namespace);
  await client.query(`create schema if not exists ${schema} authorization tenantry_owner`);
  await client.query(`grant usage on schema ${schema} to ${escapeIdentifier(granteeOf(namespace))}`);
  // A recreated role has lost its grants on the tables as well: the next seeding restores them.
  await client.query('update tenantry.namespaces set schema_digest = null where namespace = $1', [namespace]);
};

/**
 * Creates an empty namespace that only the pool's group or the one tenant may use, whose role exists already;
 * `seedSchema` creates its tables. The admin creates it, so that the owner of its tables cannot create schemas.
 */
export const createNamespace = async (shard: ShardDatabase, namespace: string): Promise<void> => {
  if (await withSession(shard.endpoint, shard.admin, (client) => isCreated(client, namespace))) return;
  await asAdmin(shard, (client) => create(client, namespace));
};

/** Drops a namespace with its contents; throws `dependency_unavailable` while a session of its tenant locks it. */
export const dropNamespace = (shard: ShardDatabase, namespace: string): Promise<void> =>
  retryOnConflict(onContention, () =>
    asAdmin(shard, async (client) => {
      await client.query(`set local lock_timeout = '2s'`);
      await client.query(`drop schema if exists ${escapeIdentifier(namespace)} cascade`);
      await client.query(`drop table if exists tenantry.${escapeIdentifier(historyTableOf(namespace))}`);
      await client.query('delete from tenantry.namespaces where namespace = $1', [namespace]);
    }),
  );
