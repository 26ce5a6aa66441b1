import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shard } from '#core/contract/shard.ts';
import { newSystem, type System } from './harness.ts';

let system: System;
beforeAll(async () => {
  system = await (await newSystem()).start();
});
afterAll(() => system.remove());

const add = async (tier: string) => {
  const { tenant, operation } = (await system.onboard({ tier })).body;
  return { tenant, ended: await system.untilOperation(operation.id) };
};
const retry = async (slug: string) => {
  const { body } = await system.call<{ operation: { id: string } }>(`/v1/tenants/${slug}/retry`, { method: 'POST' });
  return system.untilOperation(body.operation.id);
};

it('refuses a tenant by name where its range is full, leaves nothing, and takes it once there is room', async () => {
  const resize = (shardId: string, capacity: number) =>
    system.call(`/v1/shards/${shardId}`, { method: 'PATCH', body: { capacity } });
  const { items } = (await system.call<{ items: Shard[] }>('/v1/shards?class=shared')).body;
  for (const { shardId } of items) expect((await resize(shardId, 0)).status).toBe(200);
  const { tenant, ended } = await add('starter');
  expect(ended).toMatchObject({ status: 'rolled-back', failure: { step: 'provision', code: 'no_capacity' } });
  expect(await system.tracesOf(tenant.tenantId)).toEqual([]);

  for (const { shardId } of items) await resize(shardId, 100);
  expect((await retry(tenant.slug)).status).toBe('succeeded');
});

it('fails an enterprise tenant by name when no spare is left, and takes it after one was added', async () => {
  for (let spare = 0; spare < 2; spare += 1) expect((await add('enterprise')).ended.status).toBe('succeeded');
  const { tenant, ended } = await add('enterprise');
  expect(ended).toMatchObject({ status: 'rolled-back', failure: { step: 'provision', code: 'no_capacity' } });
  expect(await system.tracesOf(tenant.tenantId)).toEqual([]);

  const shardId = 'dedicated-3';
  const { body: endpoint } = await system.call('/_local/clusters', { method: 'POST', body: { shardId } });
  const body = { shardId, class: 'dedicated', region: 'us-east-1', endpoint };
  expect((await system.call('/v1/shards', { method: 'POST', body })).status).toBe(201);
  expect((await retry(tenant.slug)).status).toBe('succeeded');
  expect((await system.tenant(tenant.slug)).placement?.shardId).toBe(shardId);
});
