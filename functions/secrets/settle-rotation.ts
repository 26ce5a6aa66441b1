import { secretServiceEventSchema } from '#core/contract/platform/cloudtrail.ts';
import { isRotatable, recordFailedRotation, recordRotation } from '#core/secrets/rotate-secret.ts';
import { deps } from '#functions/deps.ts';
import { type BusEvent, onEvent } from '#functions/shell/event.ts';
import { count, type Log } from '#functions/shell/telemetry.ts';
import { commit } from '#stores/registry/commit.ts';
import { commitOnce } from '#stores/registry/commit-once.ts';
import { readSecretRecord } from '#stores/registry/tenants.ts';
import { currentAndPending, stagedVersions } from '#stores/secrets/versions.ts';
import { tenantOfSecret } from './rotated-tenant.ts';
import { syncDatabasePassword } from './sync-database-password.ts';

/**
 * Cleans up after a failed or interrupted rotation: gives the database the password that is current in Secrets Manager,
 * audits the outcome and raises the alarm.
 */
const settleRotation = async (event: BusEvent, log: Log): Promise<void> => {
  const { eventID, additionalEventData } = secretServiceEventSchema.parse(event.detail);
  const { SecretId } = additionalEventData;
  const tenant = await tenantOfSecret(SecretId);
  // The tenant has no login any more, and its secret is being deleted.
  if (!tenant || !isRotatable(tenant)) return;
  const { tenantId } = tenant;
  const restored = await syncDatabasePassword(SecretId, tenant);
  const current = currentAndPending(await stagedVersions(SecretId));
  if (current !== undefined) {
    log.warn('a rotation that was reported as failed took effect', { tenantId });
    const recorded = recordRotation(tenantId, await readSecretRecord(tenantId), current);
    if (recorded) await commit(recorded);
    return;
  }
  log.warn('a rotation failed; the previous secret is still current', { tenantId, restored });
  await commitOnce(recordFailedRotation(tenantId, eventID, restored), eventID, deps.now());
  count('rotationFailed');
};

export const handler = onEvent('settle-rotation', settleRotation);
