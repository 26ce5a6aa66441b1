import { randomUUID } from 'node:crypto';
import { Client, escapeIdentifier } from 'pg';
import { AppError } from '#core/contract/api/errors.ts';
import { clientOptions, shardError } from '#stores/postgres/connection.ts';
import type { ShardEndpoint, TenantAccess } from '#stores/postgres/database.ts';
import { codeOf, sqlState } from '#stores/postgres/sql-state.ts';
import { probeTable } from './protection.ts';

/** A tenant id that is never issued: its time is that of 1970. */
const nobody = 'tn_00000000000000000000000000';

const failed = (message: string, cause?: unknown) => new AppError('health_check_failed', message, { cause });

const refusals = new Set<string | undefined>([
  sqlState.invalidPassword,
  sqlState.invalidAuthorization,
  sqlState.undefinedDatabase,
  sqlState.insufficientPrivilege,
]);

const connect = async (client: Client, tenantId: string) => {
  try {
    await client.connect();
  } catch (error) {
    if (refusals.has(codeOf(error))) throw failed(`Tenant ${tenantId} cannot log in with its own secret.`, error);
    throw error;
  }
};

const checkIdentity = async (client: Client, tenantId: string) => {
  const { rows } = await client.query<{ identity: string }>('select session_user::text as identity');
  if (rows[0]?.identity !== tenantId) throw failed(`The login of ${tenantId} acts as ${rows[0]?.identity}.`);
};

const checkOwnRow = async (client: Client, probe: string, table: string) => {
  await client.query(`insert into ${table} (probe) values ($1)`, [probe]);
  const { rowCount } = await client.query(`select from ${table} where probe = $1`, [probe]);
  if (rowCount !== 1) throw failed('The tenant cannot read the row it wrote.');
};

const checkForeignRowRefused = async (client: Client, probe: string, table: string) => {
  try {
    await client.query(`insert into ${table} (tenant_id, probe) values ($1, $2)`, [nobody, probe]);
  } catch (error) {
    if (codeOf(error) === sqlState.insufficientPrivilege) return;
    throw error;
  }
  throw failed('The tenant can write a row for another tenant.');
};

const readableTables = async (client: Client, namespace: string): Promise<string[]> => {
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class
      where relnamespace = to_regnamespace($1) and relkind in ('r','p') and has_table_privilege(oid, 'select')
      order by relname`,
    [escapeIdentifier(namespace)],
  );
  return rows.map(({ name }) => name);
};

/** Two ranges instead of "not equal": together with the policy's equality an index answers them without reading a row. */
const seesOthers = (schema: string, name: string) => {
  const table = `${schema}.${escapeIdentifier(name)}`;
  return `exists (select from ${table} where tenant_id < session_user::text)
       or exists (select from ${table} where tenant_id > session_user::text)`;
};

const checkOthersUnseen = async (client: Client, namespace: string) => {
  const names = await readableTables(client, namespace);
  if (!names.includes(probeTable)) throw failed(`The tenant cannot read the tables of its namespace ${namespace}.`);
  const schema = escapeIdentifier(namespace);
  const { rows } = await client.query<{ seen: string[] | null }>(
    `select array_remove(array[${names.map((name, at) => `case when ${seesOthers(schema, name)} then $${at + 1}::text end`).join(', ')}], null) as seen`,
    names,
  );
  const seen = rows[0]?.seen ?? [];
  if (seen.length > 0) throw failed(`The tenant sees rows of other tenants in ${seen.join(', ')}.`);
};

const check = async (client: Client, tenantId: string, namespace: string) => {
  const table = `${escapeIdentifier(namespace)}.${probeTable}`;
  const probe = randomUUID();
  // An hour-old row was left by an interrupted probe; a newer one may belong to a running probe.
  const cleanUp = () =>
    client.query(`delete from ${table} where probe = $1 or written_at < now() - interval '1 hour'`, [probe]);
  try {
    await checkIdentity(client, tenantId);
    await checkOwnRow(client, probe, table);
    await checkOthersUnseen(client, namespace);
    await checkForeignRowRefused(client, probe, table);
  } catch (error) {
    // The first error is the cause; a failed clean-up adds nothing.
    await cleanUp().catch(() => undefined);
    throw error;
  }
  await cleanUp();
};

/**
 * Checks a tenant's database with the tenant's own secret: it can log in, write and read a row, and can neither see nor
 * write a row of another tenant in any table. Throws `health_check_failed` with the reason.
 */
export const probeTenant = async (endpoint: ShardEndpoint, access: TenantAccess): Promise<void> => {
  const { tenantId, password, namespace } = access;
  const client = new Client({
    ...clientOptions(endpoint, { user: tenantId, password }),
    // Keeps Postgres from reading other tenants' objects and rows to find this one's.
    options: '-c enable_seqscan=off',
    query_timeout: 10_000,
  });
  // Without a listener a lost session would end this process; the running query reports it.
  client.on('error', () => undefined);
  try {
    await connect(client, tenantId);
    await check(client, tenantId, namespace);
  } catch (error) {
    const known = shardError(endpoint, error);
    if (known instanceof AppError) throw known;
    const reason = error instanceof Error ? error.message : String(error);
    throw failed(`The database refused tenant ${tenantId} in its own namespace: ${reason}`, error);
  } finally {
    await client.end();
  }
};
