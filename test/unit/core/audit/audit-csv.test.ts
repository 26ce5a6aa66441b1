import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { auditCsv, csvHeader } from '#core/audit/audit-csv.ts';
import { anAuditEvent, noon, operationId, tenantId } from '#test/builders.ts';

/** Reads RFC 4180 as a spreadsheet would. */
const read = (csv: string): string[][] => {
  expect(csv.endsWith('\r\n')).toBe(true);
  const rows: string[][] = [[]];
  for (const [, quoted, plain = '', end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
};

const [columns = []] = read(csvHeader);
const cellsOf = (csv: string) => {
  const rows = read(csv);
  expect(rows).toHaveLength(1);
  expect(rows[0]).toHaveLength(columns.length);
  return Object.fromEntries(columns.map((name, index) => [name, rows[0]?.[index]]));
};

test('each event is one row with every field in its column', () => {
  const event = anAuditEvent({
    operationId,
    before: { name: 'Acme' },
    after: { name: 'Acme Ltd' },
    reason: 'renamed',
    source: { ip: '203.0.113.7', userAgent: 'curl/8' },
  });
  expect(cellsOf(auditCsv(event))).toEqual({
    seq: '1',
    time: noon,
    action: 'tenant.activated',
    actorType: 'user',
    actorId: 'ada',
    actorRole: 'sales',
    targetType: 'tenant',
    targetId: tenantId,
    requestId: 'request-1',
    operationId,
    ip: '203.0.113.7',
    userAgent: 'curl/8',
    before: '{"name":"Acme"}',
    after: '{"name":"Acme Ltd"}',
    reason: 'renamed',
    prevHash: '0'.repeat(64),
    hash: 'f'.repeat(64),
  });
});

test('a missing field is an empty cell', () => {
  const cells = cellsOf(auditCsv(anAuditEvent({ source: {}, actor: { type: 'service', id: 'activate' } })));
  expect(cells).toMatchObject({ reason: '', before: '', after: '', ip: '', userAgent: '', actorRole: '' });
});

describe('text from outside', () => {
  test('stays one cell despite quotes, commas and line ends', () => {
    const reasons = fc.string({ unit: fc.constantFrom('"', ',', '\r', '\n', "'", 'a', ';', '\\', ' ', 'ü') });
    fc.assert(
      fc.property(reasons, (rest) => {
        const reason = `because ${rest}`;
        expect(cellsOf(auditCsv(anAuditEvent({ reason })))).toMatchObject({ reason });
      }),
    );
  });

  const formulas = [
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    '\0=1',
    '=HYPERLINK("https://evil.example")',
  ];
  test.for(formulas)('is not a formula to a spreadsheet: %j', (reason) => {
    expect(cellsOf(auditCsv(anAuditEvent({ reason })))).toMatchObject({ reason: `'${reason}` });
  });

  test('is unchanged if such characters are not at its beginning', () => {
    expect(cellsOf(auditCsv(anAuditEvent({ reason: 'a=b' })))).toMatchObject({ reason: 'a=b' });
  });

  test('is escaped in every column that can contain it', () => {
    const formula = '=1';
    const event = anAuditEvent({
      actor: { type: 'user', id: formula },
      target: { type: formula, id: formula },
      requestId: formula,
      operationId: formula,
      source: { ip: formula, userAgent: formula },
    });
    expect(Object.values(cellsOf(auditCsv(event))).filter((cell) => cell?.startsWith('='))).toEqual([]);
  });
});
