import type { Cause, Item, Write } from '#core/change.ts';
import { keys, recordOf } from '#core/keys.ts';

/** The registry's record of a tenant's database secret, without its value: who requested a rotation, and what was audited. */
export interface SecretRecord {
  version: number;
  /** The last requested rotation: Secrets Manager's token, and who requested it. */
  requested?: { token: string; cause: Cause };
  /** The version whose rotation has been audited. */
  rotatedVersion?: string;
}

export const secretRecordOf = (item: Item) => recordOf(item) as SecretRecord;

/** Replaces the record if it is still at the version that was read. */
export const putSecretRecord = (
  tenantId: string,
  read: SecretRecord | undefined,
  next: Omit<SecretRecord, 'version'>,
): Write => ({
  kind: 'put',
  table: 'tenants',
  item: { ...keys.secret(tenantId), ...next, version: (read?.version ?? 0) + 1 },
  guard: {
    condition: read ? { equals: { version: read.version } } : { absent: true },
    otherwise: { code: 'version_conflict', message: 'Another rotation of this secret was recorded at the same time.' },
  },
});

export const deleteSecretRecord = (tenantId: string): Write => ({
  kind: 'delete',
  table: 'tenants',
  key: keys.secret(tenantId),
});
