import { AppError } from '#core/contract/api/errors.ts';
import { secretPathOf } from '#core/secrets/secret-path.ts';
import type { TenantRecord } from '#core/tenant/tenant-record.ts';
import { findTenant } from '#stores/registry/tenants.ts';

/** The tenant whose secret Secrets Manager names; `rotation_failed` for any other secret. */
export const rotatedTenant = async (secretId: string): Promise<TenantRecord> => {
  const tenant = await tenantBehind(secretId);
  if (tenant) return tenant;
  throw new AppError('rotation_failed', `${secretId} is not the secret of a tenant.`);
};

/** The tenant whose secret this is or was, if there is such a tenant. */
export const tenantBehind = async (secretId: string): Promise<TenantRecord | undefined> => {
  const path = secretPathOf(secretId);
  return path && findTenant(path.tenantId);
};
