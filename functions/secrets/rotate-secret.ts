import { AppError } from '#core/contract/api/errors.ts';
import { assertRotatable, recordRotation } from '#core/secrets/rotate-secret.ts';
import { placedTenant } from '#functions/shards/placed-tenant.ts';
import { namedError } from '#functions/shell/named-error.ts';
import { onRotation, type RotationEvent } from '#functions/shell/rotation.ts';
import type { Log } from '#functions/shell/telemetry.ts';
import { commit } from '#stores/registry/commit.ts';
import { readSecretRecord } from '#stores/registry/tenants.ts';
import {
  currentOf,
  makeCurrent,
  putPending,
  readCurrent,
  readVersion,
  stagedVersions,
} from '#stores/secrets/versions.ts';
import { acceptsPassword, type PlacedTenant, rehearsePasswordChange } from '#stores/tenant-database.ts';
import { rotatedTenant } from './rotated-tenant.ts';
import { syncDatabasePassword } from './sync-database-password.ts';

const rotatableTenant = async (secretId: string) => {
  const tenant = await rotatedTenant(secretId);
  assertRotatable(tenant);
  return tenant;
};

/** Stores a new password in the version that Secrets Manager created, unless an earlier call did. */
const createSecret = async ({ SecretId, ClientRequestToken: token }: RotationEvent) => {
  const { tenantId } = await rotatableTenant(SecretId);
  if (!Object.hasOwn(await stagedVersions(SecretId), token)) {
    throw new AppError('rotation_failed', `Secrets Manager has no version ${token} to put a password into.`);
  }
  if (await readVersion(SecretId, token)) return;
  await putPending(SecretId, token, tenantId);
};

const pendingSecret = async (secretId: string, token: string, tenantId: string) => {
  const pending = await readVersion(secretId, token);
  if (pending?.username === tenantId) return pending;
  throw new AppError('rotation_failed', `Version ${token} is not a login of ${tenantId}.`);
};

/** Everything needed for the switch, rehearsed but not applied. */
const prepareSwitch = async ({ SecretId, ClientRequestToken: token }: RotationEvent) => {
  const tenant = await rotatableTenant(SecretId);
  const { password } = await pendingSecret(SecretId, token, tenant.tenantId);
  const change = await rehearsePasswordChange(placedTenant(tenant), password);
  return { tenant, password, change };
};

/** Checks that the database accepts the new password; `finishSecret` applies it. */
const setSecret = async (event: RotationEvent) => {
  await prepareSwitch(event);
};

/**
 * Checks that the database is reachable with the current secret before anything changes, so that a later failure is due
 * to the change. Secrets Manager also calls this step alone, without a pending value, when onboarding sets up rotation.
 */
const testSecret = async ({ SecretId }: RotationEvent, log: Log) => {
  const tenant = await rotatedTenant(SecretId);
  const { password } = await readCurrent(SecretId);
  if (await acceptsPassword(placedTenant(tenant), password)) return;
  log.warn('the database refuses the current secret: the rotation will repair that');
};

/** The database has confirmed the change: only a refusal refutes that, not a shard that is too busy to answer. */
const isRefused = async (tenant: PlacedTenant, password: string, log: Log) => {
  try {
    return !(await acceptsPassword(tenant, password));
  } catch (error) {
    log.warn('the new password is in force and could not be tested', namedError(error));
    return false;
  }
};

/**
 * Switches Secrets Manager and, immediately afterwards, the database: in this order a client refused with the old
 * password finds the new one. If the database fails, Secrets Manager is switched back before the error is thrown.
 */
const switchOver = async (event: RotationEvent, current: string | undefined, log: Log) => {
  const { SecretId, ClientRequestToken: token } = event;
  const { tenant, password, change } = await prepareSwitch(event);
  await makeCurrent(SecretId, token, current);
  try {
    await change();
    if (await isRefused(placedTenant(tenant), password, log)) {
      throw new AppError('rotation_failed', 'The database refuses the new password.');
    }
  } catch (error) {
    log.warn('the rotation is undone: the old secret is current again');
    if (current !== undefined) await makeCurrent(SecretId, current, token);
    await syncDatabasePassword(SecretId, tenant);
    throw error;
  }
};

/** Puts the new password into force in Secrets Manager and in the database, and audits the rotation. */
const finishSecret = async (event: RotationEvent, log: Log) => {
  const { SecretId, ClientRequestToken: token } = event;
  const current = currentOf(await stagedVersions(SecretId));
  const tenant = await rotatableTenant(SecretId);
  if (current === token) await syncDatabasePassword(SecretId, tenant);
  else await switchOver(event, current, log);
  const recorded = recordRotation(tenant.tenantId, await readSecretRecord(tenant.tenantId), token);
  if (recorded) await commit(recorded);
};

export const handler = onRotation('rotate-secret', { createSecret, setSecret, testSecret, finishSecret });
