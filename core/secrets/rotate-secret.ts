import type { Cause, Change } from '#core/change.ts';
import { AppError } from '#core/contract/api/errors.ts';
import type { Config } from '#core/contract/model/tiers.ts';
import { tenantDatabaseSecretName } from '#core/contract/platform/names.ts';
import type { TenantRecord } from '#core/tenant/tenant-record.ts';
import { putSecretRecord, type SecretRecord } from './secret-record.ts';

const defaultDays = 30;

/** Days between rotations for a tenant of this tier; the default for a tier that is no longer configured. */
export const rotationDaysOf = ({ tiers }: Pick<Config, 'tiers'>, tier: string): number =>
  (Object.hasOwn(tiers, tier) ? tiers[tier]?.rotation.days : undefined) ?? defaultDays;

const target = (tenantId: string) => ({ type: 'secret', id: tenantDatabaseSecretName(tenantId) });

/** Whether the tenant has a database login, open or suspended. */
export const isRotatable = ({ status }: TenantRecord) => status === 'active' || status === 'suspended';

/** Throws `invalid_transition` for a tenant without a database login. */
export const assertRotatable = (tenant: TenantRecord) => {
  if (isRotatable(tenant)) return;
  throw new AppError(
    'invalid_transition',
    `The secret of ${tenant.tenantId} is not rotated: the tenant is ${tenant.status}.`,
  );
};

/** Throws `invalid_transition` unless the tenant is active: only then may a user request a rotation. */
export const assertActive = ({ status }: TenantRecord) => {
  if (status === 'active') return;
  throw new AppError('invalid_transition', `Only an active tenant's secret can be rotated; this one is ${status}.`);
};

/** Records who requests a rotation before Secrets Manager starts it: the token leads back to the request. */
export const requestRotation = (
  tenantId: string,
  record: SecretRecord | undefined,
  token: string,
  cause: Cause,
): Change => ({
  stream: tenantId,
  cause,
  writes: [putSecretRecord(tenantId, record, { ...record, requested: { token, cause } })],
  audit: [{ action: 'secret.rotation.requested', target: target(tenantId), after: { versionId: token } }],
});

/** A rotation that nobody requested is the schedule's. Secrets Manager names a rotation by its token only. */
const causeOf = (record: SecretRecord | undefined, token: string): Cause =>
  record?.requested?.token === token
    ? record.requested.cause
    : { actor: { type: 'schedule', id: 'secret-rotation' }, requestId: token, source: {} };

/** Records that a version became current; `undefined` if that is recorded already. */
export const recordRotation = (
  tenantId: string,
  record: SecretRecord | undefined,
  token: string,
): Change | undefined => {
  if (record?.rotatedVersion === token) return undefined;
  return {
    stream: tenantId,
    cause: causeOf(record, token),
    writes: [putSecretRecord(tenantId, record, { ...record, rotatedVersion: token })],
    audit: [{ action: 'secret.rotated', target: target(tenantId), after: { versionId: token } }],
  };
};

/** Records a failed rotation, and whether the database's old password had to be restored. */
export const recordFailedRotation = (tenantId: string, requestId: string, restored: boolean): Change => ({
  stream: tenantId,
  cause: { actor: { type: 'service', id: 'settle-rotation' }, requestId, source: {} },
  writes: [],
  audit: [{ action: 'secret.rotation.failed', target: target(tenantId), after: { restored } }],
});
