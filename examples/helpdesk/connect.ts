#!/usr/bin/env node
import { setTimeout as delay } from 'node:timers/promises';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DatabaseError, Pool, type PoolClient, type PoolConfig, type QueryResult } from 'pg';

/** SQLSTATE of a login that was refused for its password. */
const wrongPassword = '28P01';
/** What a rotation takes from Secrets Manager to the database, many times over: for a secret read in that moment. */
const momentMs = 250;

interface DatabaseOptions {
  /** Path of the tenant's secret: `tenantry/tenants/<tenant id>/database`. */
  secretId: string;
  secrets: SecretsManagerClient;
  /** Where the tenant's shard listens, and how many connections to keep; libpq's variables (`PGHOST`, …) are heeded. */
  connection?: PoolConfig;
}

/**
 * A tenant's database, reached as an application does it: the password comes from Secrets Manager, is kept, and is read
 * again, once, when a login is refused. Open connections go on through a rotation and notice nothing.
 */
export class TenantDatabase {
  readonly #options: DatabaseOptions;
  readonly #pool: Pool;
  #password: Promise<string> | undefined;

  constructor(options: DatabaseOptions) {
    this.#options = options;
    const [, , user = ''] = options.secretId.split('/');
    this.#pool = new Pool({ ...options.connection, user, password: () => this.#keptPassword() });
    // A connection that is cut off while idle: the pool has dropped it, and the next query opens another.
    this.#pool.on('error', () => undefined);
  }

  async query(text: string, values: unknown[] = []): Promise<QueryResult> {
    const client = await this.#connect();
    try {
      return await client.query(text, values);
    } finally {
      client.release();
    }
  }

  end(): Promise<void> {
    return this.#pool.end();
  }

  async #connect(): Promise<PoolClient> {
    const kept = this.#keptPassword();
    // What cannot be read fails where a login needs it: an open connection does not.
    kept.catch(() => undefined);
    const first = await this.#admitted();
    if (first) return first;
    // Of many that were refused at once, the first reads the secret for all.
    if (this.#password === kept) this.#password = undefined;
    const second = await this.#admitted();
    if (second) return second;
    // It was read in the moment in which the database did not know it yet.
    await delay(momentMs);
    return this.#pool.connect();
  }

  /** A connection; nothing where the login was refused for its password. */
  async #admitted(): Promise<PoolClient | undefined> {
    try {
      return await this.#pool.connect();
    } catch (error) {
      if (error instanceof DatabaseError && error.code === wrongPassword) return undefined;
      throw error;
    }
  }

  #keptPassword(): Promise<string> {
    this.#password ??= this.#readPassword();
    return this.#password;
  }

  async #readPassword(): Promise<string> {
    const { secrets, secretId } = this.#options;
    try {
      const { SecretString = '{}' } = await secrets.send(new GetSecretValueCommand({ SecretId: secretId }));
      return (JSON.parse(SecretString) as { password: string }).password;
    } catch (error) {
      // What could not be read is not kept: the next query asks again.
      this.#password = undefined;
      throw error;
    }
  }
}

/** `TENANT=tn_… PGHOST=… PGPORT=… PGDATABASE=… node examples/helpdesk/connect.ts`: counts the tenant's tickets. */
const main = async (tenantId: string) => {
  const secretId = `tenantry/tenants/${tenantId}/database`;
  const database = new TenantDatabase({ secretId, secrets: new SecretsManagerClient() });
  const schema = process.env['NAMESPACE'] ?? 'pool';
  const { rows } = await database.query(`select count(*) from ${schema}.tickets`);
  process.stdout.write(`${tenantId} has ${(rows as { count: string }[])[0]?.count} tickets.\n`);
  await database.end();
};

if (import.meta.main) await main(process.env['TENANT'] ?? '');
