import { secretServiceEventSchema } from '#core/contract/platform/cloudtrail.ts';
import { isRotatable, recordFailedRotation, recordRotation } from '#core/secrets/rotate-secret.ts';
import { deps } from '#functions/deps.ts';
import { type BusEvent, onEvent } from '#functions/shell/event.ts';
import { count, type Log } from '#functions/shell/telemetry.ts';
import { commit } from '#stores/registry/commit.ts';
import { commitOnce } from '#stores/registry/commit-once.ts';
import { readSecretRecord } from '#stores/registry/tenants.ts';
import { currentAndPending, stagedVersions } from '#stores/secrets/versions.ts';
import { holdLogin } from './hold-login.ts';
import { tenantBehind } from './rotated-tenant.ts';

/**
 * Puts in order what a failed rotation left, also one that was killed half-way: the database takes the password that
 * is current in Secrets Manager, the audit stream says what happened, and the alarm is raised.
 */
const settleRotation = async (event: BusEvent, log: Log): Promise<void> => {
  const { eventID, additionalEventData } = secretServiceEventSchema.parse(event.detail);
  const { SecretId } = additionalEventData;
  const tenant = await tenantBehind(SecretId);
  // Its secret goes with it: nobody logs in any more.
  if (!tenant || !isRotatable(tenant)) return;
  const { tenantId } = tenant;
  const restored = await holdLogin(SecretId, tenant);
  const finished = currentAndPending(await stagedVersions(SecretId));
  if (finished !== undefined) {
    log.warn('a rotation took effect though it is told to have failed', { tenantId });
    const recorded = recordRotation(tenantId, await readSecretRecord(tenantId), finished);
    if (recorded) await commit(recorded);
    return;
  }
  log.warn('a rotation failed; the secret that was current still is', { tenantId, restored });
  await commitOnce(recordFailedRotation(tenantId, eventID, restored), eventID, deps.now());
  count('rotationFailed');
};

export const handler = onEvent('settle-rotation', settleRotation);
