import type { Shard } from '#core/contract/model/shard.ts';
import type { Placement } from '#core/contract/model/tenant.ts';
import { poolNamespace } from '#core/shards/place-tenant.ts';
import { probeTenant } from '#stores/postgres/isolation/probe-tenant.ts';
import { type EndedSession, type GuardLimits, guardLocks as guardShardLocks } from '#stores/postgres/lock-guard.ts';
import { createNamespace, dropNamespace } from '#stores/postgres/namespaces.ts';
import { openNewShard, openShard } from '#stores/postgres/open-shard.ts';
import { prepareShard as prepareCluster } from '#stores/postgres/prepare-shard.ts';
import { createTenantRole, disableTenantRole, dropTenantRole, enableTenantRole } from '#stores/postgres/roles.ts';
import { type SeedResult, seedSchema } from '#stores/postgres/seed-schema.ts';
import * as login from '#stores/postgres/tenant-login.ts';
import { deleteTenantRows } from '#stores/postgres/tenant-rows.ts';
import { readShard } from '#stores/registry/shards.ts';

/** A tenant and where its database is: on which shard, and there in the pool or in a namespace named by its id. */
export interface PlacedTenant {
  readonly tenantId: string;
  readonly placement: Pick<Placement, 'shardId' | 'namespace'>;
}

const shardOf = ({ placement }: PlacedTenant) => openShard(placement.shardId);

/**
 * Prepares a shard that is not in the catalogue yet, and the pool on a shared one. May be repeated. Throws
 * `invalid_request` if its admin login is not in Secrets Manager.
 */
export const prepareShard = async (added: Pick<Shard, 'shardId' | 'class' | 'endpoint'>): Promise<void> => {
  const shard = await openNewShard(added);
  await prepareCluster(shard);
  if (added.class === 'shared') await createNamespace(shard, poolNamespace);
};

/** Runs one round of the lock guard on a shard; returns the sessions that it ended. */
export const guardLocks = async (shardId: string, limits: GuardLimits): Promise<EndedSession[]> =>
  guardShardLocks(await openShard(shardId), limits);

/** Creates the tenant's login with this password and, outside the pool, its empty namespace. May be repeated. */
export const createTenant = async (tenant: PlacedTenant, password: string): Promise<void> => {
  const { tenantId, placement } = tenant;
  const shard = await shardOf(tenant);
  await createTenantRole(shard, { tenantId, password, namespace: placement.namespace });
  await createNamespace(shard, placement.namespace);
};

/**
 * Brings the tenant's tables to the application's schema, a folder of migrations, and checks on the live catalogue that
 * they keep tenants apart. Throws `migration_failed` or `schema_not_isolated`; nothing has changed then.
 */
export const migrate = async (tenant: PlacedTenant, schemaFolder: string): Promise<SeedResult> =>
  seedSchema(await shardOf(tenant), tenant.placement.namespace, schemaFolder);

/**
 * Logs in as the tenant, writes and reads a row, and tries to see and to write another tenant's. Throws
 * `health_check_failed`. Needs the shard's endpoint only, none of the control plane's logins.
 */
export const probe = async ({ tenantId, placement }: PlacedTenant, password: string): Promise<void> => {
  const { endpoint } = await readShard(placement.shardId);
  await probeTenant(endpoint, { tenantId, password, namespace: placement.namespace });
};

/** Refuses the tenant's logins and ends its open sessions. May be repeated, and before the login was created. */
export const closeLogin = async (tenant: PlacedTenant): Promise<void> =>
  disableTenantRole(await shardOf(tenant), tenant.tenantId);

/** Lets the tenant log in again; throws `not_found` if it has no login. */
export const openLogin = async (tenant: PlacedTenant): Promise<void> =>
  enableTenantRole(await shardOf(tenant), tenant.tenantId);

/** Tells whether this is the tenant's password, also while its login is closed or all its connections are in use. */
export const acceptsPassword = async (tenant: PlacedTenant, password: string): Promise<boolean> => {
  const { endpoint } = await shardOf(tenant);
  return (await login.tryLogin(endpoint, tenant.tenantId, password)) === 'accepted';
};

/**
 * Proves that the database would take this password, and leaves the old one in force. Returns the change itself, ready
 * to be made in one round trip. Both throw `rotation_failed` if Postgres refuses it.
 */
export const rehearsePasswordChange = async (tenant: PlacedTenant, password: string): Promise<() => Promise<void>> => {
  const [shard, change] = await Promise.all([shardOf(tenant), login.passwordChange(tenant.tenantId, password)]);
  await login.rehearsePasswordChange(shard, change);
  return () => login.changePassword(shard, change);
};

/** Gives the tenant's login this password; open sessions go on. Throws `rotation_failed` if Postgres refuses it. */
export const changePassword = async (tenant: PlacedTenant, password: string): Promise<void> => {
  const [shard, change] = await Promise.all([shardOf(tenant), login.passwordChange(tenant.tenantId, password)]);
  await login.changePassword(shard, change);
};

/**
 * Deletes the tenant's rows from the pool, or its namespace with everything in it. May be repeated. Throws
 * `dependency_unavailable` while another session holds a lock on the tables.
 */
export const dropData = async (tenant: PlacedTenant): Promise<void> => {
  const { tenantId, placement } = tenant;
  const shard = await shardOf(tenant);
  if (placement.namespace === poolNamespace) await deleteTenantRows(shard, placement.namespace, tenantId);
  else await dropNamespace(shard, placement.namespace);
};

/** Ends the tenant's sessions and removes its login with every privilege. May be repeated. */
export const dropLogin = async (tenant: PlacedTenant): Promise<void> =>
  dropTenantRole(await shardOf(tenant), tenant.tenantId);
