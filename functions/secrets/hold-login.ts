import { AppError } from '#core/contract/api/errors.ts';
import type { TenantRecord } from '#core/tenant/tenant-record.ts';
import { placedTenant } from '#functions/shards/placed-tenant.ts';
import { currentOf, readCurrent, stagedVersions } from '#stores/secrets/versions.ts';
import { acceptsPassword, changePassword } from '#stores/tenant-database.ts';

/** Each further look is due to a rotation that ended meanwhile. */
const mostLooks = 5;

/**
 * Makes the tenant's database take the password that is current in Secrets Manager, and says whether it had to. Whoever
 * changes one of the two looks at the other afterwards, so that two of them at once end in agreement.
 */
export const holdLogin = async (secretId: string, tenant: TenantRecord): Promise<boolean> => {
  const placed = placedTenant(tenant);
  let changed = false;
  for (let look = 0; look < mostLooks; look += 1) {
    const { password, versionId } = await readCurrent(secretId);
    if (!(await acceptsPassword(placed, password))) {
      await changePassword(placed, password);
      changed = true;
    }
    if (currentOf(await stagedVersions(secretId)) === versionId) return changed;
  }
  throw new AppError('dependency_unavailable', `The secret of ${tenant.tenantId} changes again and again.`);
};
