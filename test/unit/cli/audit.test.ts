import { expect, test } from 'vitest';
import { anAuditEvent } from '#test/builders.ts';
import { contractServer } from '#test/unit/core/contract/api/contract-server.ts';
import { tenantry } from './command-line.ts';

test('a valid chain is reported with the number of its events', async () => {
  await using server = await contractServer({ verifyTenantAudit: () => ({ valid: true, events: 14 }) });
  const { exitCode, out } = await tenantry(server.url, 'audit verify acme');
  expect(exitCode).toBe(0);
  expect(out).toBe('acme: audit chain verified, 14 events\n');
});

test('a broken chain exits with 1 and reports the fault', async () => {
  const found = { valid: false, events: 14, fault: { seq: 7, kind: 'changed', message: 'its hash does not match' } };
  await using server = await contractServer({ verifyTenantAudit: () => found });
  const human = await tenantry(server.url, 'audit verify acme');
  expect(human.exitCode).toBe(1);
  expect(human.out).toContain('audit chain broken');
  expect(human.err).toContain('Fault at event 7 (changed): its hash does not match');
  const machine = await tenantry(server.url, 'audit verify acme --json');
  expect(machine.exitCode).toBe(1);
  expect(machine.json()).toEqual(found);
});

test.each(['ndjson', 'csv'])('an export as %s is written unchanged', async (format) => {
  const file = Array.from({ length: 20_000 }, (_none, index) => `line ${index} of ${format}\n`).join('');
  await using server = await contractServer({ exportTenantAudit: () => file });
  const { exitCode, out } = await tenantry(
    server.url,
    `audit export acme --format ${format} --action tenant.activated`,
  );
  expect(exitCode).toBe(0);
  expect(out).toBe(file);
  expect(server.requests[0]?.query).toEqual({ format, action: 'tenant.activated' });
});

test('a long export continues where the first response ends', async () => {
  await using server = await contractServer({
    exportTenantAudit: ({ query: { cursor } }, headers) => {
      if (cursor === undefined) headers['x-next-cursor'] = 'two';
      return cursor === undefined ? 'time,action\n1,a\n' : '2,b\n';
    },
  });
  const { exitCode, out } = await tenantry(server.url, 'audit export acme --format csv');
  expect(exitCode).toBe(0);
  expect(out).toBe('time,action\n1,a\n2,b\n');
});

test('a tenant whose slug is also a command name can be searched', async () => {
  await using server = await contractServer({ listTenantAudit: () => ({ items: [anAuditEvent()] }) });
  const { exitCode, out } = await tenantry(server.url, 'audit search verify');
  expect(exitCode).toBe(0);
  expect(out).toContain('tenant.activated');
  expect(server.requests[0]?.params).toEqual({ tenant: 'verify' });
});
