import { AppError } from '#core/contract/api/errors.ts';
import { secretPathOf } from '#core/secrets/secret-path.ts';
import type { TenantRecord } from '#core/tenant/tenant-record.ts';
import { findTenant } from '#stores/registry/tenants.ts';

/** The tenant of a secret; throws `rotation_failed` if it is not a tenant's. */
export const rotatedTenant = async (secretId: string): Promise<TenantRecord> => {
  const tenant = await tenantOfSecret(secretId);
  if (tenant) return tenant;
  throw new AppError('rotation_failed', `${secretId} is not the secret of a tenant.`);
};

/** The tenant of a secret, which may be deleted already; `undefined` if it is not a tenant's. */
export const tenantOfSecret = async (secretId: string): Promise<TenantRecord | undefined> => {
  const path = secretPathOf(secretId);
  return path && findTenant(path.tenantId);
};
