import { execFileSync } from 'node:child_process';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Tenant } from '#core/contract/model/tenant.ts';
import { newSystem, type System } from './harness.ts';

let system: System;
beforeAll(async () => {
  system = await (await newSystem()).start();
});
afterAll(() => system.remove());

const tenants = async () => (await system.call<{ items: Tenant[] }>('/v1/tenants?limit=200')).body.items;
const isAtRest = ({ status }: Tenant) => status === 'active' || status === 'failed';

it('ends every onboarding that a crash cut off, by itself and with nothing left over', async () => {
  const credentials = { accessKeyId: 'sales', secretAccessKey: 'sales' };
  const bus = new EventBridgeClient({ endpoint: system.awsUrl, region: 'us-east-1', credentials });
  const entries = Array.from({ length: 20 }, (_value, index) => {
    const request = system.request({ tier: index % 2 === 0 ? 'starter' : 'growth' });
    return {
      EventBusName: 'tenantry',
      Source: 'crm.example',
      DetailType: 'tenant.onboarding.requested',
      Detail: JSON.stringify({ requestId: request.slug, ...request }),
    };
  });
  await Promise.all([0, 10].map((from) => bus.send(new PutEventsCommand({ Entries: entries.slice(from, from + 10) }))));
  await system.until('some to be under way', async () => {
    const found = await tenants();
    return found.some(({ status }) => status === 'active') ? true : { not: found.length };
  });
  await system.kill();
  await system.start();

  const ended = await system.until<Tenant[]>('all twenty to be at rest', async () => {
    const found = await tenants();
    return found.length === 20 && found.every(isAtRest) ? found : { not: found.map(({ status }) => status) };
  });
  const active = ended.filter(({ status }) => status === 'active');
  const { placements, roles, secrets } = await system.inventory();
  expect(Object.values(placements).reduce((sum, placed) => sum + placed, 0)).toBe(active.length);
  expect(roles).toEqual(active.map(({ tenantId }) => tenantId).toSorted());
  expect(secrets).toEqual(active.map(({ tenantId }) => `tenantry/tenants/${tenantId}/database`).toSorted());
  for (const { tenantId } of ended) {
    expect((await system.call(`/v1/tenants/${tenantId}/audit/verify`)).body).toMatchObject({ valid: true });
  }
});

it('has all again after a clean stop, which leaves no process behind', async () => {
  const before = await tenants();
  expect(await system.stop()).toBe(0);
  const processes = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
  expect(processes.split('\n').filter((line) => line.includes(system.folder))).toEqual([]);
  await system.start();
  expect(await tenants()).toEqual(before);
});
