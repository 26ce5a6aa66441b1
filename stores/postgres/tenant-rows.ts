import { escapeIdentifier, type PoolClient } from 'pg';
import { AppError } from '#core/contract/api/errors.ts';
import { retryOnConflict } from '#stores/retry-on-conflict.ts';
import { asMigrator } from './connection.ts';
import type { ShardDatabase } from './database.ts';
import { onContention } from './sql-state.ts';

/** The namespace's tables, quoted, without partitions: their rows are reached through the parent. */
const tablesOf = async (client: PoolClient, namespace: string): Promise<string[]> => {
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class
      where relnamespace = to_regnamespace($1) and relkind in ('r','p') and not relispartition
      order by relname`,
    [escapeIdentifier(namespace)],
  );
  return rows.map(({ name }) => `${escapeIdentifier(namespace)}.${escapeIdentifier(name)}`);
};

const sumOf = async (client: PoolClient, sql: string, tenantId: string): Promise<number> => {
  const { rows } = await client.query<{ rows: string }>(sql, [tenantId]);
  return Number(rows[0]?.rows ?? 0);
};

/**
 * Deletes from all tables in one statement: foreign keys are checked when it ends, so the order of the tables, cycles
 * and self-references do not matter.
 */
const deleteFrom = (client: PoolClient, tables: readonly string[], tenantId: string): Promise<number> => {
  const parts = tables.map((table, at) => `d${at} as (delete from ${table} where tenant_id = $1 returning 1)`);
  const counts = tables.map((_table, at) => `(select count(*) from d${at})`);
  return sumOf(client, `with ${parts.join(', ')} select ${counts.join(' + ')} as rows`, tenantId);
};

/** Deletes a tenant's rows from every table of a namespace in one transaction; returns their number. */
export const deleteTenantRows = (shard: ShardDatabase, namespace: string, tenantId: string): Promise<number> =>
  retryOnConflict(onContention, () =>
    asMigrator(shard, async (client) => {
      await client.query(`set local lock_timeout = '2s'`);
      const tables = await tablesOf(client, namespace);
      if (tables.length === 0) return 0;
      let deleted = 0;
      // The application's triggers may write rows about the deletion: the next pass deletes them.
      for (let pass = 0; pass < 5; pass += 1) {
        const rows = await deleteFrom(client, tables, tenantId);
        if (rows === 0) return deleted;
        deleted += rows;
      }
      throw new AppError(
        'internal',
        `Triggers keep writing new rows of ${tenantId} in ${namespace} while its rows are deleted.`,
      );
    }),
  );

/** The number of a tenant's rows in all tables of a namespace. */
export const countTenantRows = (shard: ShardDatabase, namespace: string, tenantId: string): Promise<number> =>
  asMigrator(shard, async (client) => {
    const tables = await tablesOf(client, namespace);
    if (tables.length === 0) return 0;
    const counts = tables.map((table) => `(select count(*) from ${table} where tenant_id = $1)`);
    return sumOf(client, `select ${counts.join(' + ')} as rows`, tenantId);
  });

/** Tenant id → rows in a namespace; tenants without rows are left out. */
export const countRowsByTenant = async (client: PoolClient, namespace: string): Promise<Map<string, number>> => {
  const tables = await tablesOf(client, namespace);
  if (tables.length === 0) return new Map();
  const parts = tables.map((table) => `select tenant_id from ${table}`);
  const { rows } = await client.query<{ tenant_id: string; rows: string }>(
    `select tenant_id, count(*) as rows from (${parts.join(' union all ')}) every group by tenant_id`,
  );
  return new Map(rows.map(({ tenant_id: tenantId, rows: count }) => [tenantId, Number(count)]));
};
