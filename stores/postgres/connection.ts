import { Pool, type PoolClient, type PoolConfig } from 'pg';
import { AppError } from '#core/contract/api/errors.ts';
import { retryOnConflict } from '#stores/retry-on-conflict.ts';
import { migratorRole, type ShardDatabase, type ShardEndpoint, type ShardLogin } from './database.ts';
import { codeOf, isConnectionLoss, isContention, sqlState } from './sql-state.ts';

/** Turns a lost connection or a lock time-out into a transient error; leaves all other errors as they are. */
export const shardError = (endpoint: ShardEndpoint, error: unknown): unknown => {
  if (error instanceof AppError) return error;
  const where = `${endpoint.host}:${endpoint.port}`;
  if (isConnectionLoss(error)) {
    return new AppError('shard_unreachable', `The database shard at ${where} cannot be reached.`, { cause: error });
  }
  if (isContention(error)) {
    return new AppError(
      'dependency_unavailable',
      `A lock on the database shard at ${where} is held by another session.`,
      {
        cause: error,
      },
    );
  }
  return error;
};

/** Client options of one login on one shard. */
export const clientOptions = (endpoint: ShardEndpoint, login: ShardLogin) => ({
  host: endpoint.host,
  port: endpoint.port,
  database: endpoint.database,
  user: login.user,
  password: login.password,
  application_name: 'tenantry',
  connectionTimeoutMillis: 10_000,
  ...(endpoint.tls ? { ssl: { rejectUnauthorized: true } } : {}),
});

const poolSize = (login: ShardLogin): PoolConfig =>
  login.user === migratorRole
    ? // A session kept for a moment has the catalogue cached: creating a namespace's tables took a third less of Postgres.
      { max: 4, maxUses: 50, idleTimeoutMillis: 1_000 }
    : { max: 8, idleTimeoutMillis: 10_000 };

const pools = new Map<string, { pool: Pool; password: string }>();

const poolOf = (endpoint: ShardEndpoint, login: ShardLogin): Pool => {
  const key = `${login.user}@${endpoint.host}:${endpoint.port}/${endpoint.database}`;
  const known = pools.get(key);
  if (known?.password === login.password) return known.pool;
  const pool = new Pool({ ...clientOptions(endpoint, login), ...poolSize(login), allowExitOnIdle: true });
  // An idle session was cut off: the pool has dropped it already, and the next use shows whether the shard is gone.
  pool.on('error', () => undefined);
  pools.set(key, { pool, password: login.password });
  // Ends once the sessions in use are released; nothing needs to wait for that.
  known?.pool.end().catch(() => undefined);
  return pool;
};

/** Ends all pooled sessions; later calls open new ones. */
export const closeConnections = async (): Promise<void> => {
  const open = [...pools.values()];
  pools.clear();
  await Promise.all(open.map(({ pool }) => pool.end()));
};

const isFull = (error: unknown) => codeOf(error) === sqlState.tooManyConnections;

/** Runs `work` on one session of the login; throws `shard_unreachable` if no session can be opened. */
export const withSession = async <T>(
  endpoint: ShardEndpoint,
  login: ShardLogin,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> => {
  let broken: Error | undefined;
  const onError = (error: Error) => {
    broken = error;
  };
  try {
    // The login reached its connection limit in a burst: most sessions last well under a second.
    const client = await retryOnConflict({ isConflict: isFull, attempts: 20 }, () => poolOf(endpoint, login).connect());
    client.on('error', onError);
    try {
      return await work(client);
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  } catch (error) {
    throw shardError(endpoint, error);
  }
};

/** Runs `work` in one transaction of the login. */
const inTransaction = <T>(
  endpoint: ShardEndpoint,
  login: ShardLogin,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> =>
  withSession(endpoint, login, async (client) => {
    await client.query('begin');
    try {
      const result = await work(client);
      await client.query('commit');
      return result;
    } catch (error) {
      // Fails only if the session is gone, and with it the transaction: the first error is the cause.
      await client.query('rollback').catch(() => undefined);
      throw error;
    }
  });

/** Runs `work` as the login that manages roles. */
export const asAdmin = <T>(shard: ShardDatabase, work: (client: PoolClient) => Promise<T>): Promise<T> =>
  inTransaction(shard.endpoint, shard.admin, work);

/** Runs `work` as the owner of all namespaces, who may see every tenant's rows. */
export const asMigrator = <T>(shard: ShardDatabase, work: (client: PoolClient) => Promise<T>): Promise<T> =>
  inTransaction(shard.endpoint, shard.migrator, work);
