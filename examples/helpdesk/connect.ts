#!/usr/bin/env node
import { setTimeout as delay } from 'node:timers/promises';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DatabaseError, Pool, type PoolClient, type PoolConfig, type QueryResult } from 'pg';

/** SQLSTATE of a login with a wrong password. */
const wrongPassword = '28P01';
/** Far longer than a rotation takes from Secrets Manager to the database. */
const rotationMs = 250;

interface DatabaseOptions {
  /** Path of the tenant's secret: `tenantry/tenants/<tenant id>/database`. */
  secretId: string;
  secrets: SecretsManagerClient;
  /** Address of the tenant's shard and pool options; libpq's variables (`PGHOST`, …) also apply. */
  connection?: PoolConfig;
}

/**
 * A tenant's database, as an application uses it: the password comes from Secrets Manager, is cached, and is read again,
 * once, when a login fails. Rotations do not affect open connections.
 */
export class TenantDatabase {
  readonly #options: DatabaseOptions;
  readonly #pool: Pool;
  #password: Promise<string> | undefined;

  constructor(options: DatabaseOptions) {
    this.#options = options;
    const [, , user = ''] = options.secretId.split('/');
    this.#pool = new Pool({ ...options.connection, user, password: () => this.#cachedPassword() });
    // An idle connection was closed: the pool has removed it, and the next query opens another.
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
    const cached = this.#cachedPassword();
    // A failed read only matters if a new login needs the password, which then fails.
    cached.catch(() => undefined);
    const first = await this.#login();
    if (first) return first;
    // If many logins fail at once, the first one reads the secret for all.
    if (this.#password === cached) this.#password = undefined;
    const second = await this.#login();
    if (second) return second;
    // The secret was read before the database had the new password.
    await delay(rotationMs);
    return this.#pool.connect();
  }

  /** A connection; undefined if the password was wrong. */
  async #login(): Promise<PoolClient | undefined> {
    try {
      return await this.#pool.connect();
    } catch (error) {
      if (error instanceof DatabaseError && error.code === wrongPassword) return undefined;
      throw error;
    }
  }

  #cachedPassword(): Promise<string> {
    this.#password ??= this.#readPassword();
    return this.#password;
  }

  async #readPassword(): Promise<string> {
    const { secrets, secretId } = this.#options;
    try {
      const { SecretString = '{}' } = await secrets.send(new GetSecretValueCommand({ SecretId: secretId }));
      return (JSON.parse(SecretString) as { password: string }).password;
    } catch (error) {
      // Failures are not cached: the next query reads again.
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
