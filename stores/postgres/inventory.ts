import { asAdmin, asMigrator } from './connection.ts';
import type { ShardDatabase } from './database.ts';
import { countRowsByTenant } from './tenant-rows.ts';

/** What Postgres itself says a shard contains; names are in alphabetical order. */
export interface ShardInventory {
  readonly schemas: readonly string[];
  readonly roles: readonly string[];
  /** Tenant id → rows; tenants without rows are left out. */
  readonly rows: Readonly<Record<string, number>>;
}

const namesOf = (shard: ShardDatabase, sql: string): Promise<string[]> =>
  asAdmin(shard, async (client) => (await client.query<{ name: string }>(sql)).rows.map(({ name }) => name));

const rowsByTenant = async (shard: ShardDatabase, schemas: readonly string[]): Promise<Record<string, number>> => {
  const totals = new Map<string, number>();
  for (const schema of schemas) {
    const counted = await asMigrator(shard, (client) => countRowsByTenant(client, schema));
    for (const [tenantId, rows] of counted) totals.set(tenantId, (totals.get(tenantId) ?? 0) + rows);
  }
  return Object.fromEntries([...totals].toSorted(([one], [other]) => (one < other ? -1 : 1)));
};

/** Lists the tenants' namespaces, roles and rows; reads every table, so it is for checks and small shards. */
export const inventory = async (shard: ShardDatabase): Promise<ShardInventory> => {
  const [schemas, roles] = await Promise.all([
    namesOf(shard, `select nspname as name from pg_namespace where nspname ~ '^(pool$|tn_)' order by 1`),
    namesOf(shard, `select rolname as name from pg_roles where rolname ~ '^tn_' order by 1`),
  ]);
  return { schemas, roles, rows: await rowsByTenant(shard, schemas) };
};
