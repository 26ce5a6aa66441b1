import { expect, test } from 'vitest';
import { contractServer } from '#test/unit/core/contract/api/contract-server.ts';
import { aTenant } from '#test/unit/core/contract/api/samples.ts';
import { tenantry } from './command-line.ts';

const limits = { requestsPerSecond: 0.5, burst: 20 };

test('a tenant gets custom limits, which are shown', async () => {
  await using server = await contractServer({ updateTenant: () => aTenant({ limits }) });
  const { out, exitCode } = await tenantry(server.url, 'tenant-limits acme --rate 0.5 --burst 20');
  expect(exitCode).toBe(0);
  expect(out).toMatch(/Own limits\s+0.5 per second, bursts of 20/);
  expect(server.requests).toMatchObject([{ operationId: 'updateTenant', body: { limits } }]);
});

test('the tier’s limits can be restored', async () => {
  await using server = await contractServer({ updateTenant: () => aTenant() });
  const { out } = await tenantry(server.url, 'tenant-limits acme --default');
  expect(out).not.toContain('limits');
  expect(server.requests).toMatchObject([{ body: { limits: null } }]);
});

test.for(['', '--rate 5', '--burst 5', '--rate 5 --burst 5 --default', '--rate 0 --burst 5', '--rate x --burst 5'])(
  'what is neither is refused: %s',
  async (options) => {
    await using server = await contractServer({ updateTenant: () => expect.fail('was called') });
    expect((await tenantry(server.url, `tenant-limits acme ${options}`)).exitCode).toBe(2);
  },
);
