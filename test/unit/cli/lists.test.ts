import { expect, test } from 'vitest';
import { anAuditEvent, aShard } from '#test/builders.ts';
import { contractServer } from '#test/unit/core/contract/api/contract-server.ts';
import { anOperation, aTenant } from '#test/unit/core/contract/api/samples.ts';
import { tenantry } from './command-line.ts';

const tenants = Array.from({ length: 450 }, (_none, index) => aTenant({ slug: `tenant-${index}` }));
const tenantServer = () =>
  contractServer({
    listTenants: ({ query: { limit, cursor } }) => {
      const start = Number(cursor ?? 0);
      const end = start + Number(limit);
      return { items: tenants.slice(start, end), ...(end < tenants.length && { nextCursor: String(end) }) };
    },
  });

test('a list reads pages up to its limit, and says if there are more', async () => {
  await using server = await tenantServer();
  const cut = await tenantry(server.url, 'tenants --limit 410');
  expect(cut.out.trim().split('\n')).toHaveLength(411);
  expect(cut.err).toContain('Showing the first 410. For more, raise --limit.');
  expect(server.requests.map(({ query }) => query['limit'])).toEqual([200, 200, 10]);
  const whole = await tenantry(server.url, 'tenants --limit 1000');
  expect(whole.out.trim().split('\n')).toHaveLength(451);
  expect(whole.err).toBe('');
});

test('with --json a list has the API’s format', async () => {
  await using server = await tenantServer();
  const { json, err } = await tenantry(server.url, 'tenants --limit 3 --json');
  expect(json()).toEqual({ items: tenants.slice(0, 3), nextCursor: '3' });
  expect(err).toBe('');
});

test('filters are passed on', async () => {
  await using server = await contractServer({
    listTenants: () => ({ items: [] }),
    listTenantAudit: () => ({ items: [] }),
  });
  await tenantry(server.url, 'tenants --status failed --tier growth --shard shared-1 -q ac --sort slug --order desc');
  await tenantry(
    server.url,
    'audit acme --actor u-1 --action tenant.activated --from 2026-11-22 --to 2026-11-22T13:00:00+01:00 --q ada',
  );
  expect(server.requests.map(({ query }) => query)).toEqual([
    { status: 'failed', tier: 'growth', shard: 'shared-1', q: 'ac', sort: 'slug', order: 'desc', limit: 50 },
    {
      actor: 'u-1',
      action: 'tenant.activated',
      from: '2026-11-22T00:00:00.000Z',
      to: '2026-11-22T12:00:00.000Z',
      q: 'ada',
      limit: 50,
    },
  ]);
});

test('tables fit in 100 columns without truncating ids', async () => {
  await using server = await contractServer({
    listTenants: () => ({ items: [aTenant({ slug: 'a'.repeat(40), status: 'rollback-failed', tier: 'enterprise' })] }),
    listOperations: () => ({ items: [anOperation()] }),
    listTenantAudit: () => ({ items: [anAuditEvent({ actor: { type: 'user', id: 'u'.repeat(80) } })] }),
    listShards: () => ({ items: [aShard({ range: { from: 0, to: 65_535 } })] }),
  });
  for (const line of ['tenants', 'operations acme', 'audit acme', 'shards']) {
    const { exitCode, out } = await tenantry(server.url, line);
    expect(exitCode).toBe(0);
    expect(Math.max(...out.split('\n').map((row) => row.length))).toBeLessThanOrEqual(100);
  }
  expect((await tenantry(server.url, 'tenants')).out).toContain(aTenant().tenantId);
});

test("control characters in data cannot affect the reader's terminal", async () => {
  await using server = await contractServer({ getTenant: () => aTenant({ name: 'Acme\u001B[2J\u202E' }) });
  const { out } = await tenantry(server.url, 'tenant acme');
  for (const control of ['\u001B', '\u202E']) expect(out).not.toContain(control);
  expect(out).toContain('Acme\u{FFFD}[2J');
});

test('a shard is added with its range and endpoint', async () => {
  await using server = await contractServer({ createShard: () => aShard() });
  const line =
    'shard add shared-2 --class shared --region us-east-1 --range 0-32767 --capacity 500 --host db.example --database app';
  const { exitCode, out } = await tenantry(server.url, line);
  expect(exitCode).toBe(0);
  expect(out).toContain('shared-1');
  expect(server.requests[0]?.body).toEqual({
    shardId: 'shared-2',
    class: 'shared',
    region: 'us-east-1',
    range: { from: 0, to: 32_767 },
    capacity: 500,
    endpoint: { host: 'db.example', port: 5432, database: 'app', tls: true },
  });
});

test('me shows the token’s identity', async () => {
  await using server = await contractServer({
    getMe: () => ({
      id: 'ada',
      role: 'sales',
      operations: ['createTenant'],
      limits: { requestsPerSecond: 0.5, burst: 20 },
    }),
  });
  const { out } = await tenantry(server.url, 'me');
  expect(out).toMatch(/Role +sales/);
  expect(out).toMatch(/Requests +0.5 per second, bursts of 20/);
});
