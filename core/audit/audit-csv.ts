import type { AuditEvent } from '#core/contract/events/catalogue.ts';

const columns: Readonly<Record<string, (event: AuditEvent) => string | number | undefined>> = {
  seq: ({ seq }) => seq,
  time: ({ time }) => time,
  action: ({ action }) => action,
  actorType: ({ actor }) => actor.type,
  actorId: ({ actor }) => actor.id,
  actorRole: ({ actor }) => actor.role,
  targetType: ({ target }) => target.type,
  targetId: ({ target }) => target.id,
  requestId: ({ requestId }) => requestId,
  operationId: ({ operationId }) => operationId,
  ip: ({ source }) => source.ip,
  userAgent: ({ source }) => source.userAgent,
  before: ({ before }) => before && JSON.stringify(before),
  after: ({ after }) => after && JSON.stringify(after),
  reason: ({ reason }) => reason,
  prevHash: ({ prevHash }) => prevHash,
  hash: ({ hash }) => hash,
};

/**
 * A field, quoted as in RFC 4180. Text that a spreadsheet would interpret as a formula is prefixed with an apostrophe
 * (OWASP ASVS 1.2.10), since names and reasons come from outside.
 */
const field = (value: string | number | undefined) => {
  const text = String(value ?? '');
  const safe = /^[=+\-@\t\r\n\0]/.test(text) ? `'${text}` : text;
  return /[",\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

const row = (values: readonly (string | number | undefined)[]) => `${values.map(field).join(',')}\r\n`;

export const csvHeader = row(Object.keys(columns));
export const auditCsv = (event: AuditEvent) => row(Object.values(columns).map((of) => of(event)));
