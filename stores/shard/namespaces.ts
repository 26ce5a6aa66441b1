import { escapeIdentifier } from 'pg';
import { asAdmin } from './connection.ts';
import { granteeOf, type ShardDatabase } from './database.ts';
import { isContention, isCreationRace, retrying } from './sql-state.ts';

/** The table, in schema `tenantry`, that says which migrations have run in a namespace. */
export const historyTableOf = (namespace: string): string => `migrations_${namespace}`;

/**
 * Makes a namespace, empty, that only the pool's group or its one tenant may use, whose role exists already; its tables
 * come with `seedSchema`. The admin makes it, so that the owner of its tables may make no schema by itself.
 */
export const createNamespace = (shard: ShardDatabase, namespace: string): Promise<void> =>
  retrying(isCreationRace, { attempts: 5, wait: 200 }, () =>
    asAdmin(shard, async (client) => {
      const schema = escapeIdentifier(namespace);
      // The row comes first: a second session waits for it here, and then finds the schema made.
      await client.query('insert into tenantry.namespaces (namespace) values ($1) on conflict do nothing', [namespace]);
      await client.query(`create schema if not exists ${schema} authorization tenantry_owner`);
      await client.query(`grant usage on schema ${schema} to ${escapeIdentifier(granteeOf(namespace))}`);
    }),
  );

/** Removes a namespace with all it holds; throws `dependency_unavailable` while a session of its tenant keeps it locked. */
export const dropNamespace = (shard: ShardDatabase, namespace: string): Promise<void> =>
  retrying(isContention, { attempts: 5, wait: 500 }, () =>
    asAdmin(shard, async (client) => {
      await client.query(`set local lock_timeout = '2s'`);
      await client.query(`drop schema if exists ${escapeIdentifier(namespace)} cascade`);
      await client.query(`drop table if exists tenantry.${escapeIdentifier(historyTableOf(namespace))}`);
      await client.query('delete from tenantry.namespaces where namespace = $1', [namespace]);
    }),
  );
