import { AppError } from '#core/contract/api/errors.ts';
import type { TenantRecord } from '#core/tenant/tenant-record.ts';
import { placementOf } from '#functions/shards/placement-of.ts';
import { openShard } from '#stores/postgres/open-shard.ts';
import { changePassword, passwordChange, tryLogin } from '#stores/postgres/tenant-login.ts';
import { currentOf, readCurrent, stagedVersions } from '#stores/secrets/versions.ts';

/** Each further look is due to a rotation that ended meanwhile. */
const mostLooks = 5;

/**
 * Makes the tenant's database take the password that is current in Secrets Manager, and says whether it had to. Whoever
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
