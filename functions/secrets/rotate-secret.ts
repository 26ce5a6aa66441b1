import { AppError } from '#core/contract/api/errors.ts';
import type { DatabaseSecret } from '#core/contract/model/secret.ts';
import { assertRotatable, recordRotation } from '#core/secrets/rotate-secret.ts';
import { placementOf } from '#functions/shards/placement-of.ts';
import { namedError } from '#functions/shell/named-error.ts';
import { onRotation, type RotationEvent } from '#functions/shell/rotation.ts';
import type { Log } from '#functions/shell/telemetry.ts';
import type { ShardEndpoint } from '#stores/postgres/database.ts';
import { openShard } from '#stores/postgres/open-shard.ts';
import { newPassword } from '#stores/postgres/scram.ts';
import { changePassword, passwordChange, rehearsePasswordChange, tryLogin } from '#stores/postgres/tenant-login.ts';
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
  await putPending(SecretId, token, { username: tenantId, password: newPassword() });
};

const pendingSecret = async (secretId: string, token: string, tenantId: string) => {
  const pending = await readVersion(secretId, token);
  if (pending?.username === tenantId) return pending;
  throw new AppError('rotation_failed', `Version ${token} holds no login of ${tenantId}.`);
};

/** All but the last word: the shard, and the statement that gives the role its new password, which it would take. */
const readyToChange = async ({ SecretId, ClientRequestToken: token }: RotationEvent) => {
  const tenant = await rotatableTenant(SecretId);
  const { tenantId } = tenant;
  const [shard, { password }] = await Promise.all([
    openShard(placementOf(tenant).shardId),
    pendingSecret(SecretId, token, tenantId),
  ]);
  const change = await passwordChange(tenantId, password);
  await rehearsePasswordChange(shard, change);
  return { tenant, shard, password, change };
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
  const [{ endpoint }, { password }] = await Promise.all([
    openShard(placementOf(tenant).shardId),
    readCurrent(SecretId),
  ]);
  if ((await tryLogin(endpoint, tenant.tenantId, password)) === 'accepted') return;
  log.warn('the database refuses the current secret: the rotation mends that');
};

/** The database has said that it took the password: only a refusal says otherwise, not a shard too busy to be asked. */
const isRefused = async (endpoint: ShardEndpoint, { username, password }: DatabaseSecret, log: Log) => {
  try {
    return (await tryLogin(endpoint, username, password)) === 'refused';
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
  const { tenant, shard, password, change } = await readyToChange(event);
  await makeCurrent(SecretId, token, current);
  try {
    await changePassword(shard, change);
    if (await isRefused(shard.endpoint, { username: tenant.tenantId, password }, log)) {
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
