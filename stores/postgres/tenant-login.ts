import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { AppError } from '#core/contract/api/errors.ts';
import { retryOnConflict } from '#stores/retry-on-conflict.ts';
import { asAdmin, clientOptions, shardError, withSession } from './connection.ts';
import type { ShardDatabase, ShardEndpoint } from './database.ts';
import { scramVerifier } from './scram.ts';
import { codeOf, onContention, sqlState } from './sql-state.ts';

const alterPassword = (tenantId: string, verifier: string) =>
  `alter role ${escapeIdentifier(tenantId)} password ${escapeLiteral(verifier)}`;

/** The statement that gives a tenant's role this password. Computing the verifier is slow, so it is done in advance. */
export const passwordChange = async (tenantId: string, password: string): Promise<string> =>
  alterPassword(tenantId, await scramVerifier(password));

/** Turns a refusal by Postgres into `rotation_failed`, with its message. */
const runChange = async (work: () => Promise<unknown>): Promise<void> => {
  try {
    await retryOnConflict(onContention, work);
  } catch (error) {
    if (error instanceof AppError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('rotation_failed', `The database refused the new password: ${reason}`, { cause: error });
  }
};

/**
 * Applies the change in one round trip, during which secret and database differ. Open sessions continue: Postgres checks
 * a password only at login.
 */
export const changePassword = (shard: ShardDatabase, change: string): Promise<void> =>
  runChange(() => withSession(shard.endpoint, shard.admin, (client) => client.query(change)));

/** Applies the change and undoes it in one transaction: proves that Postgres would accept it. */
export const rehearsePasswordChange = (shard: ShardDatabase, change: string): Promise<void> =>
  runChange(() =>
    asAdmin(shard, (client) => client.query(`savepoint rehearsal; ${change}; rollback to savepoint rehearsal`)),
  );

/** Postgres checks the password first, and then whether the role may log in and has a free connection. */
export type LoginOutcome = 'accepted' | 'refused';

const refusedAfterPassword = (error: unknown) => {
  if (!(error instanceof Error)) return false;
  const isSuspended = codeOf(error) === sqlState.invalidAuthorization && /not permitted to log in/.test(error.message);
  const isFull = codeOf(error) === sqlState.tooManyConnections && /for role/.test(error.message);
  return isSuspended || isFull;
};

/** Tries a password at the tenant's login. Throws errors that say nothing about the password, such as `shard_unreachable`. */
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
