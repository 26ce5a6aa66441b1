import { runner } from 'node-pg-migrate';
import { escapeIdentifier, type PoolClient } from 'pg';
import { AppError } from '#core/contract/api/errors.ts';
import { retryOnConflict } from '#stores/retry-on-conflict.ts';
import { asMigrator, withSession } from './connection.ts';
import { granteeOf, ownerRole, type ShardDatabase } from './database.ts';
import { findFaults } from './isolation/isolation-check.ts';
import { protection } from './isolation/protection.ts';
import { historyTableOf } from './namespaces.ts';
import { type ApplicationSchema, readSchema } from './schema-files.ts';
import { isConnectionLoss, isContention, onContention } from './sql-state.ts';

/** `migrations` are the files that ran, none if the namespace was up to date. */
export interface SeedResult {
  readonly migrations: readonly string[];
}

interface NamespaceRecord {
  readonly schema_digest: string | null;
  /** File name → SHA-256 of what ran. */
  readonly migrations: Readonly<Record<string, string>>;
}

const readRecord = async (client: PoolClient, namespace: string, lock: '' | 'for update'): Promise<NamespaceRecord> => {
  const { rows } = await client.query<NamespaceRecord>(
    `select schema_digest, migrations from tenantry.namespaces where namespace = $1 ${lock}`,
    [namespace],
  );
  if (rows[0]) return rows[0];
  throw new AppError('migration_failed', `The shard has no namespace ${namespace}.`);
};

const assertUnchanged = (schema: ApplicationSchema, record: NamespaceRecord) => {
  for (const { name, digest } of schema.files) {
    const ran = record.migrations[name];
    if (ran === undefined || ran === digest) continue;
    throw new AppError('migration_failed', `${name} was changed after it ran: write a new migration instead.`);
  }
};

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** Runs the files that have not run yet in the caller's transaction; returns their names. */
const migrate = async (client: PoolClient, namespace: string, schema: ApplicationSchema): Promise<string[]> => {
  let current = 'the history of migrations';
  const actionsOf = (path: string) => ({
    up: (pgm: { noTransaction(): unknown; sql(text: string): unknown }) => {
      const file = schema.files.find((candidate) => candidate.path === path);
      current = file?.name ?? path;
      pgm.noTransaction();
      pgm.sql(file?.sql ?? '');
    },
    down: false as const,
  });
  try {
    const ran = await runner({
      dbClient: client,
      dir: schema.folder,
      ignorePattern: String.raw`(?:\..*|.*(?<!\.sql))`,
      direction: 'up',
      migrationsSchema: 'tenantry',
      migrationsTable: historyTableOf(namespace),
      // Its own lock is an advisory lock, which any tenant could take.
      noLock: true,
      // Together with noTransaction above: the caller's transaction is the only one.
      singleTransaction: false,
      logger: quiet,
      migrationLoaderStrategies: [
        {
          extensions: ['.sql'],
          loader: async (paths) => paths.map((path) => ({ id: path, filePaths: [path], actions: actionsOf(path) })),
        },
      ],
    });
    return ran.map(({ name }) => `${name}.sql`);
  } catch (cause) {
    if (isContention(cause) || isConnectionLoss(cause)) throw cause;
    const [reason] = String(cause instanceof Error ? cause.message : cause).split('\n');
    throw new AppError('migration_failed', `${current}: ${reason}`, { cause });
  }
};

const transactionOf = async (client: PoolClient): Promise<string | undefined> => {
  const { rows } = await client.query<{ id: string }>('select pg_current_xact_id()::text as id');
  return rows[0]?.id;
};

/** Repeated after the migrations, which may have changed either setting. */
const becomeOwner = (client: PoolClient, namespace: string) =>
  client.query(
    `set local role ${ownerRole}; set local search_path = ${escapeIdentifier(namespace)}, extensions, pg_temp`,
  );

const assertIsolated = async (client: PoolClient, namespace: string) => {
  // The owner may not read role memberships; the migrator's login may.
  await client.query('set local role none');
  const faults = await findFaults(client, namespace);
  if (faults.length === 0) return;
  const list = faults.map(({ fault, object }) => `${fault}: ${object}`);
  throw new AppError('schema_not_isolated', `The schema does not keep tenants apart. ${list.join('; ')}`);
};

/** Migrations, protection, check and record are one transaction: a schema that fails the check changes nothing. */
const seed = async (client: PoolClient, namespace: string, schema: ApplicationSchema): Promise<SeedResult> => {
  // Waiting for another session that seeds this namespace blocks nobody, so a long wait is fine.
  await client.query(`set local lock_timeout = '60s'`);
  const record = await readRecord(client, namespace, 'for update');
  if (record.schema_digest === schema.digest) return { migrations: [] };
  assertUnchanged(schema, record);

  // A table change that waits for one tenant's transaction makes all others wait behind it.
  await client.query(`set local lock_timeout = '2s'`);
  await becomeOwner(client, namespace);
  const transaction = await transactionOf(client);
  const migrations = await migrate(client, namespace, schema);
  if ((await transactionOf(client)) !== transaction) {
    throw new AppError('migration_failed', `${migrations.join(', ')}: a migration may not end its transaction.`);
  }
  await becomeOwner(client, namespace);
  await client.query(protection(namespace, granteeOf(namespace)));
  await client.query(
    'update tenantry.namespaces set schema_digest = $2, migrations = $3, seeded_at = now() where namespace = $1',
    [namespace, schema.digest, Object.fromEntries(schema.files.map(({ name, digest }) => [name, digest]))],
  );
  await assertIsolated(client, namespace);
  return { migrations };
};

const isUpToDate = (shard: ShardDatabase, namespace: string, schema: ApplicationSchema): Promise<boolean> =>
  withSession(shard.endpoint, shard.admin, async (client) => {
    const record = await readRecord(client, namespace, '');
    return record.schema_digest === schema.digest;
  });

/**
 * Migrates a namespace to the application's schema and verifies that it keeps tenants apart. Concurrent calls for one
 * namespace are safe; an up-to-date namespace costs one read. Throws `migration_failed` with file and reason, or
 * `schema_not_isolated` with every violation and its object.
 */
export const seedSchema = async (
  shard: ShardDatabase,
  namespace: string,
  schemaFolder: string,
): Promise<SeedResult> => {
  const schema = await readSchema(schemaFolder);
  if (await isUpToDate(shard, namespace, schema)) return { migrations: [] };
  return retryOnConflict(onContention, () => asMigrator(shard, (client) => seed(client, namespace, schema)));
};
