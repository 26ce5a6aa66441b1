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
import { holdLogin } from './hold-login.ts';
import { rotatedTenant } from './rotated-tenant.ts';

const rotatableTenant = async (secretId: string) => {
  const tenant = await rotatedTenant(secretId);
  assertRotatable(tenant);
  return tenant;
};

/** Puts a new password into the version that Secrets Manager made for it, unless a run before this one did. */
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
  throw new AppError('rotation_failed', `Version ${token} holds no login of ${tenantId}.`);
};

/** Everything needed for the change of the password, rehearsed but not made. */
const readyToChange = async ({ SecretId, ClientRequestToken: token }: RotationEvent) => {
  const tenant = await rotatableTenant(SecretId);
  const { password } = await pendingSecret(SecretId, token, tenant.tenantId);
  const change = await rehearsePasswordChange(placedTenant(tenant), password);
  return { tenant, password, change };
};

/** The database must take the new password; it has it for good only when the secret is finished. */
const setSecret = async (event: RotationEvent) => {
  await readyToChange(event);
};

/**
 * The way the tenant logs in must be open before anything changes: what fails afterwards is then due to the change.
 * Secrets Manager also calls for this step alone, with no value pending, when rotation is set up: during onboarding.
 */
const testSecret = async ({ SecretId }: RotationEvent, log: Log) => {
  const tenant = await rotatedTenant(SecretId);
  const { password } = await readCurrent(SecretId);
  if (await acceptsPassword(placedTenant(tenant), password)) return;
  log.warn('the database refuses the current secret: the rotation mends that');
};

/** The database has said that it took the password: only a refusal says otherwise, not a shard too busy to be asked. */
const isRefused = async (tenant: PlacedTenant, password: string, log: Log) => {
  try {
    return !(await acceptsPassword(tenant, password));
  } catch (error) {
    log.warn('the new password is in force and could not be tried', namedError(error));
    return false;
  }
};

/**
 * Moves Secrets Manager and, in the next breath, the database. In this order whoever is refused with the old password
 * reads the new one. What goes wrong is put back before the error leaves.
 */
const switchOver = async (event: RotationEvent, current: string | undefined, log: Log) => {
  const { SecretId, ClientRequestToken: token } = event;
  const { tenant, password, change } = await readyToChange(event);
  await makeCurrent(SecretId, token, current);
  try {
    await change();
    if (await isRefused(placedTenant(tenant), password, log)) {
      throw new AppError('rotation_failed', 'The database refuses the new password.');
    }
  } catch (error) {
    log.warn('the rotation is taken back: the old secret is current again');
    if (current !== undefined) await makeCurrent(SecretId, current, token);
    await holdLogin(SecretId, tenant);
    throw error;
  }
};

/** Makes the new password the one that is in force, in Secrets Manager and in the database, and writes that down. */
const finishSecret = async (event: RotationEvent, log: Log) => {
  const { SecretId, ClientRequestToken: token } = event;
  const current = currentOf(await stagedVersions(SecretId));
  const tenant = await rotatableTenant(SecretId);
  if (current === token) await holdLogin(SecretId, tenant);
  else await switchOver(event, current, log);
  const recorded = recordRotation(tenant.tenantId, await readSecretRecord(tenant.tenantId), token);
  if (recorded) await commit(recorded);
};

export const handler = onRotation('rotate-secret', { createSecret, setSecret, testSecret, finishSecret });
