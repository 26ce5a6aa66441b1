import { AppError } from '#core/contract/api/errors.ts';
import type { TenantRecord } from '#core/tenant/tenant-record.ts';
import { placedTenant } from '#functions/shards/placed-tenant.ts';
import { currentOf, readCurrent, stagedVersions } from '#stores/secrets/versions.ts';
import { acceptsPassword, changePassword } from '#stores/tenant-database.ts';

/** Each further attempt means that a rotation ended in between. */
const maxAttempts = 5;

/**
 * Gives the tenant's database the password that is current in Secrets Manager; returns whether that was necessary. It
 * checks Secrets Manager again afterwards, so that concurrent calls end in agreement.
 */
export const syncDatabasePassword = async (secretId: string, tenant: TenantRecord): Promise<boolean> => {
  const placed = placedTenant(tenant);
  let changed = false;
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const { password, versionId } = await readCurrent(secretId);
    if (!(await acceptsPassword(placed, password))) {
      await changePassword(placed, password);
      changed = true;
    }
    if (currentOf(await stagedVersions(secretId)) === versionId) return changed;
  }
  throw new AppError('dependency_unavailable', `The secret of ${tenant.tenantId} keeps changing.`);
};
