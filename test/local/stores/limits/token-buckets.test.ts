import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { digest } from '#core/audit/audit-chain.ts';
import type { Limits } from '#core/contract/model/limits.ts';
import { tableNames } from '#core/contract/platform/names.ts';
import { keys } from '#core/keys.ts';
import { leaseMs } from '#core/limits/token-lease.ts';
import type { meterOf as MeterOf } from '#functions/limits/callers.ts';
import { Meter } from '#functions/limits/meter.ts';
import type { documents as Documents } from '#stores/aws/clients.ts';
import type { takeFromBucket as TakeFromBucket } from '#stores/limits/token-buckets.ts';
import { otherTenantId, tenantId } from '#test/builders.ts';
import { emptyTables } from '#test/local/stores/tables-fixture.ts';

let tables: AsyncDisposable;
let takeFromBucket: typeof TakeFromBucket;
let documents: typeof Documents;
let meterOf: typeof MeterOf;

beforeAll(async () => {
  tables = await emptyTables();
  ({ takeFromBucket } = await import('#stores/limits/token-buckets.ts'));
  ({ documents } = await import('#stores/aws/clients.ts'));
  ({ meterOf } = await import('#functions/limits/callers.ts'));
});
afterAll(() => tables[Symbol.asyncDispose]());

let limits: Limits;
let rate = 1;
// Other limits are another bucket: each test has a full one of its own.
beforeEach(() => {
  rate += 1;
  limits = { requestsPerSecond: rate, burst: 10 };
});

const now = 1_764_000_000_000;
const take = (wanted: number, fullAt = 0, at = now, some = limits, tenant = tenantId) =>
  takeFromBucket({ key: keys.tenantBucket(tenant, some), limits: some, wanted, fullAt, now: at });

describe('a bucket', () => {
  test('gives what it holds, and no more, whether or not its state was known', async () => {
    const first = await take(4);
    expect(first.tokens).toBe(4);
    expect((await take(3, first.fullAt)).tokens).toBe(3);
    expect((await take(5)).tokens).toBe(3);
    const empty = await take(1);
    expect(empty.tokens).toBe(0);
    expect((await take(10, empty.fullAt, empty.fullAt)).tokens).toBe(10);
  });

  test('returns when it will be full, also after a wrong guess', async () => {
    const { fullAt } = await take(10);
    expect(fullAt).toBeCloseTo(now + 10_000 / limits.requestsPerSecond, 1);
    expect(await take(1, fullAt + 60_000, now + 1)).toEqual({ tokens: 0, fullAt: fullAt + 60_000 });
    expect(await take(1, 0, now + 1)).toEqual({ tokens: 0, fullAt });
  });

  test('belongs to one tenant and its current limits', async () => {
    await take(10);
    expect((await take(10, 0, now, limits, otherTenantId)).tokens).toBe(10);
    expect((await take(10, 0, now, { ...limits, burst: 20 })).tokens).toBe(10);
  });

  test('gives all its tokens, and no more, to twenty concurrent calls', async () => {
    const taken = await Promise.all(Array.from({ length: 20 }, (_value, index) => take(1 + (index % 3))));
    expect(taken.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(10);
  });

  test('expires once it is full', async () => {
    await take(10);
    const get = new GetCommand({ TableName: tableNames.limits, Key: keys.tenantBucket(tenantId, limits) });
    const { Item } = await documents.send(get);
    expect(Number(Item?.['expiresAt']) * 1000).toBeGreaterThan(Number(Item?.['fullAt']));
  });
});

describe('a caller', () => {
  const ada = { id: 'ada', role: 'tenant-admin', tenantId } as const;

  test('shares one meter with its tenant’s other users', async () => {
    expect(await meterOf({ id: 'bob', role: 'tenant-member', tenantId })).toBe(await meterOf(ada));
    expect(await meterOf({ ...ada, tenantId: otherTenantId })).not.toBe(await meterOf(ada));
  });

  test('without a tenant has a meter of its own, also if it is named like a tenant', async () => {
    const sales = await meterOf({ id: 'crm', role: 'sales' });
    expect(await meterOf({ id: 'crm', role: 'sales' })).toBe(sales);
    expect(await meterOf({ id: 'erp', role: 'sales' })).not.toBe(sales);
    expect(await meterOf({ id: tenantId, role: 'sales' })).not.toBe(await meterOf(ada));
  });

  test('is counted under a key that fits the table, however long its id', async () => {
    const meter = await meterOf({ id: 'ü'.repeat(4_096), role: 'platform-auditor' });
    expect(await meter.spend()).toMatchObject({ isAllowed: true });
    const { pk, sk } = keys.principalBucket(digest('ü'.repeat(4_096)), meter.limits);
    const { Item } = await documents.send(new GetCommand({ TableName: tableNames.limits, Key: { pk, sk } }));
    expect(Number(Item?.['fullAt'])).toBeGreaterThan(0);
  });
});

test('eight flooded instances allow what the limit allows, and at most the refill of a lease beyond it', async () => {
  const some = { requestsPerSecond: 100, burst: 50 };
  const failures: unknown[] = [];
  const copies = Array.from(
    { length: 8 },
    () =>
      new Meter({
        limits: some,
        take: (wanted, fullAt, at) => take(wanted, fullAt, at, some),
        onUnavailable: (error) => failures.push(error),
      }),
  );
  const admitted: number[] = [];
  const began = Date.now();
  const flood = async (copy: Meter) => {
    while (Date.now() < began + 2_000) {
      if ((await copy.spend()).isAllowed) admitted.push(Date.now());
      else await new Promise((resolve) => setTimeout(resolve, 2));
    }
  };
  await Promise.all(copies.flatMap((copy) => [flood(copy), flood(copy), flood(copy)]));
  expect(failures).toEqual([]);
  expect(admitted.length).toBeGreaterThan(some.burst);
  admitted.sort((a, b) => a - b);
  for (const [first, start] of admitted.entries()) {
    for (let last = first; last < admitted.length; last += 1) {
      const seconds = (admitted[last]! - start + leaseMs) / 1000;
      if (last - first + 1 > some.burst + some.requestsPerSecond * seconds + 1)
        expect.fail(`${last - first + 1} were admitted in ${seconds} s`);
    }
  }
});
