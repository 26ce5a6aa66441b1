import { AppError } from '#core/contract/errors.ts';
import type { TenantRecord } from '#core/tenant/tenant-record.ts';
import { placementOf } from '#functions/onboarding/placement-of.ts';
import { currentOf, readCurrent, stagedVersions } from '#stores/secret-versions.ts';
import { changePassword, passwordChange, tryLogin } from '#stores/shard/tenant-login.ts';
import { openShard } from '#stores/shard-access.ts';

/** Each further look is due to a rotation that ended meanwhile. */
const mostLooks = 5;

/**
 * Makes the tenant's database take the password that is current in the vault, and says whether it had to. Whoever
 * changes one of the two looks at the other afterwards, so that two of them at once end in agreement.
 */
export const holdLogin = async (secretId: string, tenant: TenantRecord): Promise<boolean> => {
  const { tenantId } = tenant;
  const shard = await openShard(placementOf(tenant).shardId);
  let changed = false;
  for (let look = 0; look < mostLooks; look += 1) {
    const { password, versionId } = await readCurrent(secretId);
    if ((await tryLogin(shard.endpoint, tenantId, password)) === 'refused') {
      await changePassword(shard, await passwordChange(tenantId, password));
      changed = true;
    }
    if (currentOf(await stagedVersions(secretId)) === versionId) return changed;
  }
  throw new AppError('dependency_unavailable', `The secret of ${tenantId} changes again and again.`);
};
