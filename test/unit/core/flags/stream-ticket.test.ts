import { expect, test } from 'vitest';
import { streamTicket, tenantOfTicket } from '#core/flags/stream-ticket.ts';
import { tenantId } from '#test/builders.ts';

const key = 'a-key-nobody-knows';
const now = Date.parse('2026-11-25T10:00:00Z');
const minutes = (count: number) => count * 60_000;
const ticket = streamTicket(tenantId, key, now);

test('a ticket is valid for its tenant for 15 to 30 minutes', () => {
  for (const late of [0, minutes(15) - 1]) {
    const made = streamTicket(tenantId, key, now + late);
    expect(tenantOfTicket(made, key, now + late)).toBe(tenantId);
    expect(tenantOfTicket(made, key, now + late + minutes(15))).toBe(tenantId);
    expect(tenantOfTicket(made, key, now + late + minutes(30))).toBeUndefined();
  }
});

test('tickets within one window are identical, later ones differ', () => {
  expect(streamTicket(tenantId, key, now + minutes(14))).toBe(ticket);
  expect(streamTicket(tenantId, key, now + minutes(15))).not.toBe(ticket);
});

const [tenant = '', expiresAt = '', signature = ''] = ticket.split('.');
test.each([
  ['of another tenant', `tn_${'7'.repeat(26)}.${expiresAt}.${signature}`],
  ['made to last', `${tenant}.${Number(expiresAt) + 900}.${signature}`],
  ['made to last in other words', `${tenant}.${expiresAt}e3.${signature}`],
  ['signed by someone else', streamTicket(tenantId, 'another-key', now)],
  ['without a signature', `${tenant}.${expiresAt}.`],
  ['with half a signature', ticket.slice(0, -1)],
  ['with more after it', `${ticket}.x`],
  ['of one part', tenant],
  ['of nothing', ''],
])('a ticket %s is refused', (_what, forged) => {
  expect(tenantOfTicket(forged, key, now)).toBeUndefined();
});
