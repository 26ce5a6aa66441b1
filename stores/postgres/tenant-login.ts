import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { AppError } from '#core/contract/api/errors.ts';
import { retryOnConflict } from '#stores/retry-on-conflict.ts';
import { asAdmin, clientOptions, shardError, withSession } from './connection.ts';
import type { ShardDatabase, ShardEndpoint } from './database.ts';
import { scramVerifier } from './scram.ts';
import { codeOf, onContention, sqlState } from './sql-state.ts';

const alterPassword = (tenantId: string, verifier: string) =>
  `alter role ${escapeIdentifier(tenantId)} password ${escapeLiteral(verifier)}`;

/** The statement that gives a tenant's role this password: the verifier takes its time, so it is made beforehand. */
export const passwordChange = async (tenantId: string, password: string): Promise<string> =>
  alterPassword(tenantId, await scramVerifier(password));

/** What Postgres refuses is `rotation_failed`, in its own words. */
const carriedOut = async (work: () => Promise<unknown>): Promise<void> => {
  try {
    await retryOnConflict(onContention, work);
  } catch (error) {
    if (error instanceof AppError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('rotation_failed', `The database takes no new password: ${reason}`, { cause: error });
  }
};

/**
 * Carries the change out, in one round trip: meanwhile secret and database differ. Open sessions go on, since a password
 * is asked for at login only.
 */
export const changePassword = (shard: ShardDatabase, change: string): Promise<void> =>
  carriedOut(() => withSession(shard.endpoint, shard.admin, (client) => client.query(change)));

/** Carries the change out and takes it back before anyone can see it: proves that nothing stands in its way. */
export const rehearsePasswordChange = (shard: ShardDatabase, change: string): Promise<void> =>
  carriedOut(() =>
    asAdmin(shard, (client) => client.query(`savepoint rehearsal; ${change}; rollback to savepoint rehearsal`)),
  );

/** What a login comes to: Postgres looks at the password first, and then whether the role may log in or is full. */
export type LoginOutcome = 'accepted' | 'refused';

const refusedAfterPassword = (error: unknown) => {
  if (!(error instanceof Error)) return false;
  const isSuspended = codeOf(error) === sqlState.invalidAuthorization && /not permitted to log in/.test(error.message);
  const isFull = codeOf(error) === sqlState.tooManyConnections && /for role/.test(error.message);
  return isSuspended || isFull;
};

/** Tries a password at the tenant's login. Throws what says nothing about the password, such as `shard_unreachable`. */
export const tryLogin = async (endpoint: ShardEndpoint, tenantId: string, password: string): Promise<LoginOutcome> => {
  const client = new Client(clientOptions(endpoint, { user: tenantId, password }));
  client.on('error', () => undefined);
  try {
    await client.connect();
    return 'accepted';
  } catch (error) {
    if (refusedAfterPassword(error)) return 'accepted';
    if (codeOf(error) === sqlState.invalidPassword) return 'refused';
    throw shardError(endpoint, error);
  } finally {
    await client.end();
  }
};
