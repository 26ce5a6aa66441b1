import type { ResourceKind, TenantRecord } from '#core/tenant/tenant-record.ts';
import { userIdOf } from '#core/user/user-writes.ts';
import { placedTenant } from '#functions/shards/placed-tenant.ts';
import { alignIdentity } from '#stores/aws/identity-provider.ts';
import { readUsers } from '#stores/registry/users.ts';
import { deleteTenantSecret } from '#stores/secrets/database-secrets.ts';
import { dropData, dropLogin } from '#stores/tenant-database.ts';

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
  role: (tenant) => dropLogin(placedTenant(tenant)),
  namespace: (tenant) => dropData(placedTenant(tenant)),
  rows: (tenant) => dropData(placedTenant(tenant)),
};

/** Undoes what was made outside the registry, in the order given. */
export const undoResources = async (kinds: readonly ResourceKind[], tenant: TenantRecord): Promise<void> => {
  for (const kind of kinds) await undo[kind]?.(tenant);
};
