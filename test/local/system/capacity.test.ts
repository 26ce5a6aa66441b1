import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '#core/contract/api/http.ts';
import type { Operation } from '#core/contract/model/operation.ts';
import type { Shard } from '#core/contract/model/shard.ts';
import { newSystem, type System } from './harness.ts';

let system: System;
beforeAll(async () => {
  system = await (await newSystem()).start();
});
afterAll(() => system.remove());

const shards = async () => (await system.call<{ items: Shard[] }>('/v1/shards?limit=200')).body.items;
const sharedShards = async () => (await shards()).filter((shard) => shard.class === 'shared');
const patch = (shardId: string, body: unknown, headers = {}) =>
  system.call<Shard & Problem>(`/v1/shards/${shardId}`, { method: 'PATCH', body, headers });
const add = (body: unknown) => system.call<Shard & Problem>('/v1/shards', { method: 'POST', body });

/** Leaves so many places on each shared shard. */
const leavePlaces = async (places: number) => {
  for (const { shardId, count } of await sharedShards()) {
    expect((await patch(shardId, { capacity: count + places })).status).toBe(200);
  }
};

const onboarded = async (tier: string) => {
  const { tenant, operation } = (await system.onboard({ tier })).body;
  const { status } = await system.untilOperation(operation.id);
  return { tenantId: tenant.tenantId, operationId: operation.id, status };
};

const retried = async (tenantId: string) => {
  const { body } = await system.call<{ operation: Operation }>(`/v1/tenants/${tenantId}/retry`, { method: 'POST' });
  return (await system.untilOperation(body.operation.id)).status;
};

const expectNoPlace = async ({ tenantId, operationId }: { tenantId: string; operationId: string }) => {
  const failure = { step: 'provision', code: 'no_capacity' };
  expect(await system.operation(operationId)).toMatchObject({ status: 'rolled-back', failure });
  expect(await system.tenant(tenantId)).toMatchObject({ status: 'failed', failure });
  expect(await system.tenant(tenantId)).not.toHaveProperty('placement');
  expect(await system.tracesOf(tenantId)).toEqual([]);
};

describe('shared shards', () => {
  it.each(['starter', 'growth'])(
    'refuses a %s tenant when they are full, and takes it with more room',
    async (tier) => {
      await leavePlaces(0);
      const { placements } = await system.inventory();
      const tenant = await onboarded(tier);
      await expectNoPlace(tenant);
      expect((await system.inventory()).placements).toEqual(placements);

      await leavePlaces(1);
      expect(await retried(tenant.tenantId)).toBe('succeeded');
      expect(await system.tenant(tenant.tenantId)).toMatchObject({ status: 'active' });
    },
  );

  it('refuses a tenant while they are closed', async () => {
    await leavePlaces(5);
    const closable = await sharedShards();
    for (const { shardId } of closable) await patch(shardId, { state: 'closed' });
    const tenant = await onboarded('starter');
    await expectNoPlace(tenant);
    for (const { shardId } of closable) await patch(shardId, { state: 'open' });
    expect(await retried(tenant.tenantId)).toBe('succeeded');
  });

  it('never takes more than there are places, however many come at once', async () => {
    await leavePlaces(2);
    const before = (await system.inventory()).placements;
    const comers = await Promise.all(Array.from({ length: 12 }, () => onboarded('starter')));
    const placed = comers.filter(({ status }) => status === 'succeeded');
    for (const tenant of comers) if (tenant.status !== 'succeeded') await expectNoPlace(tenant);
    const taken = Object.entries((await system.inventory()).placements).map(
      ([shardId, count]) => count - (before[shardId] ?? 0),
    );
    expect(placed.length).toBeGreaterThan(0);
    expect(taken.reduce((sum, count) => sum + count)).toBe(placed.length);
    expect(Math.max(...taken)).toBeLessThanOrEqual(2);
  });
});

it('gives each enterprise tenant a spare shard of its own, and refuses one more until a shard is added', async () => {
  const first = await onboarded('enterprise');
  const second = await onboarded('enterprise');
  const third = await onboarded('enterprise');
  expect([first.status, second.status]).toEqual(['succeeded', 'succeeded']);
  await expectNoPlace(third);

  const { body: endpoint } = await system.call('/_local/clusters', {
    method: 'POST',
    body: { shardId: 'dedicated-3' },
  });
  const added = await add({ shardId: 'dedicated-3', class: 'dedicated', region: 'us-east-1', endpoint });
  expect(added).toMatchObject({ status: 201, body: { capacity: 1, count: 0, state: 'open' } });
  expect(await retried(third.tenantId)).toBe('succeeded');
  const places = await Promise.all(
    [first, second, third].map(async ({ tenantId }) => (await system.tenant(tenantId)).placement?.shardId),
  );
  expect(places[2]).toBe('dedicated-3');
  expect(new Set(places).size).toBe(3);
});

describe('a shard that makes no sense is refused, and the catalogue stays as it is', () => {
  const endpoint = { host: '127.0.0.1', port: 5432, database: 'app', tls: false };
  const shared = { shardId: 'shared-9', class: 'shared', region: 'us-east-1', endpoint };

  it.each<[string, Record<string, unknown>, string, string?]>([
    ['a range within another', { range: { from: 10, to: 20 } }, 'version_conflict'],
    ['a range that meets another at its end', { range: { from: 32_767, to: 32_767 } }, 'version_conflict'],
    ['a range over all others', { range: { from: 0, to: 65_535 } }, 'version_conflict'],
    ['a range that ends before it begins', { range: { from: 9, to: 3 } }, 'invalid_request', '/range'],
    ['a range beyond the hash space', { range: { from: 0, to: 65_536 } }, 'invalid_request', '/range/to'],
    ['a shared shard without a range', {}, 'invalid_request', '/range'],
    ['a dedicated one with a range', { class: 'dedicated', range: { from: 0, to: 1 } }, 'invalid_request', '/range'],
    ['no class there is', { class: 'gold', range: { from: 0, to: 1 } }, 'invalid_request', '/class'],
    ['a name of SQL', { class: 'dedicated', shardId: 'a"; drop' }, 'invalid_request', '/shardId'],
    [
      'a database of SQL',
      { class: 'dedicated', endpoint: { ...endpoint, database: 'a; drop' } },
      'invalid_request',
      '/endpoint/database',
    ],
    ['more room than a shard may have', { class: 'dedicated', capacity: 2501 }, 'invalid_request', '/capacity'],
    ['a cluster whose admin login nobody put in Secrets Manager', { class: 'dedicated' }, 'invalid_request'],
  ])('%s', async (_what, fields, code, path) => {
    const before = await shards();
    const { status, body } = await add({ ...shared, ...fields });
    expect({ status, code: body.code }).toEqual({ status: code === 'invalid_request' ? 400 : 409, code });
    if (path) expect(body.errors?.map((error) => error.path)).toContain(path);
    expect(await shards()).toEqual(before);
  });

  it('a name that is taken', async () => {
    const before = await shards();
    const { shardId, range, region, endpoint: its } = before.find((shard) => shard.class === 'shared')!;
    const again = await add({ shardId, class: 'shared', region, range, endpoint: its });
    expect(again).toMatchObject({ status: 409, body: { code: 'version_conflict' } });
    expect(await shards()).toEqual(before);
  });

  it('a change of what was changed since it was read', async () => {
    const [shard] = await sharedShards();
    await patch(shard!.shardId, { capacity: shard!.capacity });
    const late = await patch(shard!.shardId, { capacity: 1 }, { 'if-match': `"${shard!.version}"` });
    expect(late).toMatchObject({ status: 409, body: { code: 'version_conflict' } });
    for (const body of [{}, { capacity: -1 }, { capacity: 2501 }, { state: 'ajar' }, { range: { from: 0, to: 1 } }]) {
      expect(await patch(shard!.shardId, body)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    }
    expect((await patch('shared-404', { capacity: 1 })).status).toBe(404);
  });
});

/** A cluster that is no shard yet, and what would make it one for these hashes. */
const aNewcomer = async (shardId: string, from: number, to: number) => {
  const { body: endpoint } = await system.call('/_local/clusters', { method: 'POST', body: { shardId } });
  return { shardId, class: 'shared', region: 'eu-west-1', range: { from, to }, endpoint };
};

it('takes only one of two shards that are added at once with ranges that meet', async () => {
  const newcomers = await Promise.all([aNewcomer('race-1', 0, 100), aNewcomer('race-2', 100, 200)]);
  const answers = await Promise.all(newcomers.map(add));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  expect(answers.find(({ status }) => status !== 201)).toMatchObject({
    status: 409,
    body: { code: 'version_conflict', detail: expect.stringMatching(/overlaps that of shard race-/) },
  });
});
