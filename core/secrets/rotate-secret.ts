import type { Cause, Change } from '#core/change.ts';
import { AppError } from '#core/contract/api/errors.ts';
import type { Config } from '#core/contract/model/tiers.ts';
import { tenantDatabaseSecretName } from '#core/contract/platform/names.ts';
import type { TenantRecord } from '#core/tenant/tenant-record.ts';
import { putSecretRecord, type SecretRecord } from './secret-record.ts';

const defaultDays = 30;

/** Days between rotations of a tenant of this tier; of one that is sold no more, the usual. */
export const rotationDaysOf = ({ tiers }: Pick<Config, 'tiers'>, tier: string): number =>
  (Object.hasOwn(tiers, tier) ? tiers[tier]?.rotation.days : undefined) ?? defaultDays;

const target = (tenantId: string) => ({ type: 'secret', id: tenantDatabaseSecretName(tenantId) });

/** Whether the tenant has a login, in service or to be again. */
export const isRotatable = ({ status }: TenantRecord) => status === 'active' || status === 'suspended';

/** Refuses, with `invalid_transition`, a tenant that has no login. */
export const assertRotatable = (tenant: TenantRecord) => {
  if (isRotatable(tenant)) return;
  throw new AppError(
    'invalid_transition',
    `The secret of ${tenant.tenantId}, which is ${tenant.status}, is not rotated.`,
  );
};

/** Refuses, with `invalid_transition`, to rotate for anyone who asks while the tenant is not in service. */
export const assertActive = ({ status }: TenantRecord) => {
  if (status === 'active') return;
  throw new AppError('invalid_transition', `Only an active tenant's secret is rotated; this one is ${status}.`);
};

/** Writes down who asks for a rotation, before Secrets Manager is told: the token leads back to them. */
export const askForRotation = (
  tenantId: string,
  record: SecretRecord | undefined,
  token: string,
  cause: Cause,
): Change => ({
  stream: tenantId,
  cause,
  writes: [putSecretRecord(tenantId, record, { ...record, asked: { token, cause } })],
  audit: [{ action: 'secret.rotation.requested', target: target(tenantId), after: { versionId: token } }],
});

/** A rotation that nobody asked for is the schedule's; the token is all that Secrets Manager tells of it. */
const causeOf = (record: SecretRecord | undefined, token: string): Cause =>
  record?.asked?.token === token
    ? record.asked.cause
    : { actor: { type: 'schedule', id: 'secret-rotation' }, requestId: token, source: {} };

/** Writes down that a version became the current one; `undefined` where that is written already. */
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

/** Tells of a failed rotation, and whether the database had to be given its old password back. */
export const recordFailedRotation = (tenantId: string, requestId: string, restored: boolean): Change => ({
  stream: tenantId,
  cause: { actor: { type: 'service', id: 'settle-rotation' }, requestId, source: {} },
  writes: [],
  audit: [{ action: 'secret.rotation.failed', target: target(tenantId), after: { restored } }],
});
