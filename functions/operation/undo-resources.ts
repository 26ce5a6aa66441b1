import type { ResourceKind, TenantRecord } from '#core/tenant/tenant-record.ts';
import { userIdOf } from '#core/user/user-writes.ts';
import { placementOf } from '#functions/shards/placement-of.ts';
import { alignIdentity } from '#stores/aws/identity-provider.ts';
import { dropNamespace } from '#stores/postgres/namespaces.ts';
import { openShard } from '#stores/postgres/open-shard.ts';
import { dropTenantRole } from '#stores/postgres/roles.ts';
import { deleteTenantRows } from '#stores/postgres/tenant-rows.ts';
import { readUsers } from '#stores/registry/users.ts';
import { deleteTenantSecret } from '#stores/secrets/database-secrets.ts';

const shardOf = (tenant: TenantRecord) => openShard(placementOf(tenant).shardId);

/** The administrator may be known to the identity provider before it is to the registry. */
const forgetUsers = async ({ tenantId, adminEmail }: TenantRecord) => {
  const { users } = await readUsers(tenantId);
  const userIds = new Set([userIdOf(adminEmail), ...users.map(({ userId }) => userId)]);
  for (const userId of userIds) await alignIdentity(userId, tenantId);
};

/** How each kind is undone where it is more than an item of the registry; each may be repeated. */
const undo: Partial<Record<ResourceKind, (tenant: TenantRecord) => Promise<unknown>>> = {
  user: forgetUsers,
  secret: ({ tenantId }) => deleteTenantSecret(tenantId),
  role: async (tenant) => dropTenantRole(await shardOf(tenant), tenant.tenantId),
  namespace: async (tenant) => dropNamespace(await shardOf(tenant), tenant.tenantId),
  rows: async (tenant) => deleteTenantRows(await shardOf(tenant), placementOf(tenant).namespace, tenant.tenantId),
};

/** Undoes what was made outside the registry, in the order given. */
export const undoResources = async (kinds: readonly ResourceKind[], tenant: TenantRecord): Promise<void> => {
  for (const kind of kinds) await undo[kind]?.(tenant);
};
