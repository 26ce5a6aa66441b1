import { escapeIdentifier, escapeLiteral, type PoolClient } from 'pg';
import { AppError } from '#core/contract/api/errors.ts';
import { retryOnConflict } from '#stores/retry-on-conflict.ts';
import { asAdmin, withSession } from './connection.ts';
import { type ShardDatabase, type TenantAccess, type TenantGroup, tenantGroupOf } from './database.ts';
import { scramVerifier } from './scram.ts';
import { onContention, onCreationRace } from './sql-state.ts';

const roleExists = async (client: PoolClient, role: string): Promise<boolean> => {
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [role]);
  return rowCount === 1;
};

/** Only a role with the privilege to set the limit may store it in a role; otherwise the server's own limit applies. */
const limitTempFiles = (role: string) => `
do $$ begin
  if has_parameter_privilege('temp_file_limit', 'set') then
    alter role ${role} set temp_file_limit = '1GB';
  end if;
end $$`;

const otherGroup: Readonly<Record<TenantGroup, TenantGroup>> = {
  tenantry_pool: 'tenantry_tenant',
  tenantry_tenant: 'tenantry_pool',
};

/**
 * Creates the login of a tenant, named after its id, or gives an existing one this password and the group of this
 * namespace. It sets no comment with name or slug: every tenant can read comments.
 */
export const createTenantRole = async (shard: ShardDatabase, access: TenantAccess): Promise<void> => {
  const role = escapeIdentifier(access.tenantId);
  const group = tenantGroupOf(access.namespace);
  const login = `login connection limit 20 password ${escapeLiteral(await scramVerifier(access.password))}`;
  await retryOnConflict(onCreationRace, () =>
    asAdmin(shard, async (client) => {
      const exists = await roleExists(client, access.tenantId);
      await client.query(
        [
          exists
            ? `revoke ${otherGroup[group]} from ${role}; alter role ${role} ${login}`
            : `create role ${role} nosuperuser nocreatedb nocreaterole noreplication nobypassrls ${login}`,
          `grant ${group} to ${role} with inherit true, set false, admin false`,
          limitTempFiles(role),
          // Defaults that the tenant can change: the lock guard enforces the limits.
          `alter role ${role} set statement_timeout = '30s'`,
          `alter role ${role} set idle_in_transaction_session_timeout = '30s'`,
        ].join(';\n'),
      );
    }),
  );
};

/** Ends the role's sessions, with 5 s for each to roll back. Repeats until none is left, since one may be logging in. */
const endSessions = async (client: PoolClient, role: string): Promise<void> => {
  for (let pass = 0; pass < 5; pass += 1) {
    const { rowCount } = await client.query(
      'select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename = $1',
      [role],
    );
    if (rowCount === 0) return;
  }
  throw new AppError('dependency_unavailable', `The sessions of ${role} could not be ended.`);
};

const setLogin = (shard: ShardDatabase, tenantId: string, login: 'login' | 'nologin'): Promise<boolean> =>
  retryOnConflict(onContention, () =>
    asAdmin(shard, async (client) => {
      if (!(await roleExists(client, tenantId))) return false;
      await client.query(`alter role ${escapeIdentifier(tenantId)} ${login}`);
      return true;
    }),
  );

/** Closes a tenant's login and ends its sessions, which would continue otherwise. Does nothing if there is none. */
export const disableTenantRole = async (shard: ShardDatabase, tenantId: string): Promise<void> => {
  if (!(await setLogin(shard, tenantId, 'nologin'))) return;
  await withSession(shard.endpoint, shard.admin, (client) => endSessions(client, tenantId));
};

/** Opens a tenant's login again; throws `not_found` if it has no role. */
export const enableTenantRole = async (shard: ShardDatabase, tenantId: string): Promise<void> => {
  if (!(await setLogin(shard, tenantId, 'login'))) {
    throw new AppError('not_found', `The shard has no role ${tenantId}.`);
  }
};

/** Without superuser, dropping another role's privileges requires membership in it; its creator may always join it. */
const joinRole = (role: string) => `
do $$ begin
  if not pg_has_role(${escapeLiteral(role)}, 'usage') then
    execute format('grant %I to %I with inherit true', ${escapeLiteral(role)}, current_user);
  end if;
end $$`;

/** Ends the tenant's sessions and drops its role with every privilege. Does nothing if there is none. */
export const dropTenantRole = async (shard: ShardDatabase, tenantId: string): Promise<void> => {
  await disableTenantRole(shard, tenantId);
  const role = escapeIdentifier(tenantId);
  await retryOnConflict(onContention, () =>
    asAdmin(shard, async (client) => {
      if (!(await roleExists(client, tenantId))) return;
      await client.query(`set local lock_timeout = '2s'`);
      await client.query(joinRole(tenantId));
      // `drop owned` also removes default privileges, which any role can set for itself and which block `drop role`.
      await client.query(`drop owned by ${role}; drop role ${role}`);
    }),
  );
};
