import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AuditEvent } from '#core/contract/events/catalogue.ts';
import type { Operation } from '#core/contract/model/operation.ts';
import type { Tenant } from '#core/contract/model/tenant.ts';
import { newSystem, type System } from './harness.ts';

let system: System;
let bus: EventBridgeClient;
beforeAll(async () => {
  system = await (await newSystem()).start();
  const credentials = { accessKeyId: 'sales', secretAccessKey: 'sales' };
  bus = new EventBridgeClient({ endpoint: system.awsUrl, region: 'us-east-1', credentials });
});
afterAll(() => system.remove());

const put = (detail: unknown, source = 'crm.example') =>
  bus.send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName: 'tenantry',
          Source: source,
          DetailType: 'tenant.onboarding.requested',
          Detail: typeof detail === 'string' ? detail : JSON.stringify(detail),
        },
      ],
    }),
  );

const untilActive = (slug: string) =>
  system.until<Tenant>(`${slug} to be active`, async () => {
    const tenant = await system.tenant(slug);
    return tenant.status === 'active' ? tenant : { not: tenant };
  });

const audited = async (tenantId: string) =>
  (await system.call<{ items: AuditEvent[] }>(`/v1/tenants/${tenantId}/audit?limit=200`)).body.items;

const expectMadeOnce = async (tenant: Tenant) => {
  const { items } = (await system.call<{ items: Operation[] }>(`/v1/tenants/${tenant.tenantId}/operations`)).body;
  expect(items).toHaveLength(1);
  await system.untilOperation(items[0]!.id, 'succeeded');
  const found = (await system.call<{ items: Tenant[] }>(`/v1/tenants?q=${tenant.slug}`)).body.items;
  expect(found.map(({ tenantId }) => tenantId)).toEqual([tenant.tenantId]);
  const { secrets, roles } = await system.inventory();
  expect(secrets.filter((name) => name.includes(tenant.tenantId))).toHaveLength(1);
  expect(roles.filter((name) => name === tenant.tenantId)).toHaveLength(1);
  const actions = (await audited(tenant.tenantId)).map(({ action }) => action);
  expect(new Set(actions).size).toBe(actions.length);
  expect(actions).toContain('tenant.activated');
};

const systemEvents = async (q: string) =>
  (await system.call<{ items: AuditEvent[] }>(`/v1/audit?action=event.rejected&q=${q}`)).body.items;

it('makes one tenant of one event that is delivered ten times at once', async () => {
  const request = system.request({ tier: 'growth' });
  await Promise.all(Array.from({ length: 10 }, () => put({ requestId: `crm-${request.slug}`, ...request })));
  await expectMadeOnce(await untilActive(request.slug));
  expect(await systemEvents(request.slug)).toEqual([]);
});

it('keeps the key of an event apart from that of a user who is named like its source', async () => {
  const [byUser, byEvent] = [system.request(), system.request()];
  const key = `key-${byUser.slug}`;
  const token = await system.token('sales');
  const headers = { 'idempotency-key': key };
  const answer = await system.call('/v1/tenants', { method: 'POST', body: byUser, headers, token });
  expect(answer.status).toBe(202);
  await put({ requestId: key, ...byEvent }, 'local-sales');
  for (const { slug } of [byUser, byEvent]) await untilActive(slug);
  expect(await systemEvents(byEvent.slug)).toEqual([]);
});

it('gives ten calls with one key at once the same answer', async () => {
  const body = system.request();
  const headers = { 'idempotency-key': `key-${body.slug}` };
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => system.call<{ tenant: Tenant }>('/v1/tenants', { method: 'POST', body, headers })),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(202));
  expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
  await expectMadeOnce(await untilActive(body.slug));

  const other = await system.call('/v1/tenants', { method: 'POST', body: { ...body, name: 'Another name' }, headers });
  expect(other).toMatchObject({ status: 409, body: { code: 'idempotency_mismatch' } });
});

it('gives one slug to one of two requests, and leaves nothing of the other', async () => {
  const body = system.request();
  const answers = await Promise.all(
    ['One', 'Two'].map((name) =>
      system.call<{ code?: string }>('/v1/tenants', { method: 'POST', body: { ...body, name } }),
    ),
  );
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([202, 409]);
  expect(answers.find(({ status }) => status === 409)?.body.code).toBe('slug_taken');
  await expectMadeOnce(await untilActive(body.slug));
});

it('keeps an event whose slug is taken as a dead letter, and says so in the audit stream', async () => {
  const request = system.request();
  await put({ requestId: `first-${request.slug}`, ...request });
  await untilActive(request.slug);
  await put({ requestId: `second-${request.slug}`, ...request });
  const [rejected] = await system.until<AuditEvent[]>('the rejection', async () => {
    const found = await systemEvents(request.slug);
    return found.length > 0 ? found : { not: found };
  });
  expect(rejected).toMatchObject({ after: { code: 'slug_taken' }, actor: { id: 'crm.example' } });
});

it.each([
  ['has nothing in it', '{}'],
  ['lacks what it must carry', '{"requestId":"r-1","slug":"no-tier"}'],
  [
    'asks for a tier that is not sold',
    '{"requestId":"r-2","slug":"gold-rush","name":"Gold","tier":"gold","adminEmail":"a@b.example"}',
  ],
])('rejects an event that %s, and makes nothing', async (_what, detail) => {
  const before = (await system.call<{ items: unknown[] }>('/v1/audit?action=event.rejected')).body.items.length;
  const { tenants } = { tenants: (await system.call<{ items: unknown[] }>('/v1/tenants?limit=200')).body.items.length };
  await put(detail);
  await system.until('the rejection', async () => {
    const { items } = (await system.call<{ items: unknown[] }>('/v1/audit?action=event.rejected')).body;
    return items.length > before ? true : { not: items.length };
  });
  expect((await system.call<{ items: unknown[] }>('/v1/tenants?limit=200')).body.items).toHaveLength(tenants);
});
