import type { Cause, Item, Write } from '#core/change.ts';
import { keys, recordOf } from '#core/keys.ts';

/** What the registry keeps of a tenant's database secret, which is not its value: who asked, and what was audited. */
export interface SecretRecord {
  version: number;
  /** The last rotation somebody asked for: Secrets Manager's token of it, and on whose word. */
  asked?: { token: string; cause: Cause };
  /** The version whose rotation is in the audit stream. */
  rotatedVersion?: string;
}

export const secretRecordOf = (item: Item) => recordOf(item) as SecretRecord;

/** Replaces the record, if it is still the version that was read. */
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
    otherwise: { code: 'version_conflict', message: 'Another rotation of this secret was recorded meanwhile.' },
  },
});

export const deleteSecretRecord = (tenantId: string): Write => ({
  kind: 'delete',
  table: 'tenants',
  key: keys.secret(tenantId),
});
