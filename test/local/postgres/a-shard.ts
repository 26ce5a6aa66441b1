import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, type ClientConfig, type QueryResultRow } from 'pg';
import { deps } from '#functions/deps.ts';
import { type Cluster, startCluster } from '#local/postgres/cluster.ts';
import { closeConnections } from '#stores/postgres/connection.ts';
import type { ShardDatabase, ShardEndpoint, ShardLogin, TenantAccess } from '#stores/postgres/database.ts';
import { createNamespace } from '#stores/postgres/namespaces.ts';
import { type CatalogueReport, prepareShard } from '#stores/postgres/prepare-shard.ts';
import { createTenantRole } from '#stores/postgres/roles.ts';
import { seedSchema } from '#stores/postgres/seed-schema.ts';
import { newPassword } from '#stores/secrets/new-password.ts';

export const helpdesk = join(import.meta.dirname, '../../../examples/helpdesk/schema');

export const aFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'tenantry-'));

export const remove = (folder: string) => rm(folder, { recursive: true, force: true });

const schemas: string[] = [];

/** A folder of migrations: `0001_schema.sql`, `0002_schema.sql` … */
export const aSchema = async (...migrations: string[]): Promise<string> => {
  const folder = await aFolder();
  schemas.push(folder);
  for (const [at, sql] of migrations.entries()) {
    await writeFile(join(folder, `${String(at + 1).padStart(4, '0')}_schema.sql`), sql);
  }
  return folder;
};

export const aTenantId = (): string => deps.newTenantId();

/** Opens a session that the test ends by `end()`; one that the server ends first does no harm. */
export const connect = async (endpoint: ShardEndpoint, login: ShardLogin, more: ClientConfig = {}): Promise<Client> => {
  const { host, port, database } = endpoint;
  const client = new Client({ host, port, database, user: login.user, password: login.password, ...more });
  client.on('error', () => undefined);
  await client.connect();
  return client;
};

export const connectAs = (shard: ShardDatabase, access: TenantAccess, more?: ClientConfig): Promise<Client> =>
  connect(shard.endpoint, { user: access.tenantId, password: access.password }, more);

export interface TestShard {
  readonly shard: ShardDatabase;
  readonly cluster: Cluster;
  readonly report: CatalogueReport;
  /** Runs SQL as the superuser, in the application's database. */
  sql<R extends QueryResultRow = Record<string, string>>(text: string, values?: unknown[]): Promise<R[]>;
  stop(): Promise<void>;
}

/** One prepared cluster of its own. */
export const startShard = async (): Promise<TestShard> => {
  const folder = await aFolder();
  const cluster = await startCluster({ folder });
  const shard = {
    endpoint: cluster.endpoint,
    admin: cluster.adminLogin,
    migrator: { user: 'tenantry_migrator', password: newPassword() },
  };
  const report = await prepareShard(shard);
  const superuser = await connect(cluster.endpoint, cluster.adminLogin);
  return {
    shard,
    cluster,
    report,
    sql: async <R extends QueryResultRow>(text: string, values?: unknown[]) =>
      (await superuser.query<R>(text, values)).rows,
    stop: async () => {
      await superuser.end();
      await closeConnections();
      await cluster.stop();
      await Promise.all([folder, ...schemas.splice(0)].map(remove));
    },
  };
};

interface TenantWish {
  tenantId?: string;
  namespace?: 'pool' | 'own';
}

/** A tenant with a role and an empty namespace. */
export const aTenant = async (shard: ShardDatabase, wish: TenantWish = {}): Promise<TenantAccess> => {
  const tenantId = wish.tenantId ?? aTenantId();
  const access = { tenantId, password: newPassword(), namespace: wish.namespace === 'pool' ? 'pool' : tenantId };
  await createTenantRole(shard, access);
  await createNamespace(shard, access.namespace);
  return access;
};

/** A tenant whose namespace has a schema, the helpdesk's unless another is named. */
export const aSeededTenant = async (shard: ShardDatabase, wish: TenantWish & { schema?: string } = {}) => {
  const access = await aTenant(shard, wish);
  await seedSchema(shard, access.namespace, wish.schema ?? helpdesk);
  return access;
};

/** What an error of the catalogue would be known by: code and message. */
export const failureOf = async (work: Promise<unknown>): Promise<{ code?: string; message: string }> =>
  work.then(
    () => ({ message: 'it succeeded' }),
    (error: { code?: string; message: string }) => error,
  );
