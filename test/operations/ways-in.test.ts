import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Operation } from '#core/contract/model/operation.ts';
import type { Tenant } from '#core/contract/model/tenant.ts';
import { newSystem, type System } from '#test/local/system/harness.ts';

let system: System;
beforeAll(async () => {
  system = await (await newSystem()).start();
});
afterAll(() => system.remove());

const put = async (name: string, detail: object) => {
  const events = new EventBridgeClient(system.aws);
  const entry = { EventBusName: 'tenantry', Source: 'billing', DetailType: name, Detail: JSON.stringify(detail) };
  await events.send(new PutEventsCommand({ Entries: [entry] }));
  events.destroy();
};

const untilStatus = (tenantId: string, status: string) =>
  system.until<Tenant>(`the tenant to be ${status}`, async () => {
    const tenant = await system.tenant(tenantId);
    return tenant.status === status ? tenant : { not: tenant.status };
  });

const listed = async (query: string) =>
  (await system.call<{ items: Operation[] }>(`/v1/operations?${query}`)).body.items.map(({ kind }) => kind);

it('events suspend and resume a tenant, a late repeat of one changes nothing, and the operations are listed', async () => {
  const { tenant, operation } = (await system.onboard()).body;
  const { tenantId, slug } = tenant;
  await system.untilOperation(operation.id, 'succeeded');
  const suspension = { requestId: 'unpaid-1', tenant: slug, reason: 'unpaid' };
  await put('tenant.suspension.requested', suspension);
  const { suspension: recorded } = await untilStatus(tenantId, 'suspended');
  expect(recorded).toMatchObject({ reason: 'unpaid' });
  await system.untilOperation(recorded!.operationId, 'succeeded');
  await put('tenant.resumption.requested', { requestId: 'paid-1', tenant: slug });
  await untilStatus(tenantId, 'active');

  await put('tenant.suspension.requested', suspension);
  // A repeat leaves no trace: this one comes after it, and does.
  await put('tenant.suspension.requested', { requestId: 'unpaid-2', tenant: 'no-such-tenant' });
  await system.until('the unknown tenant to be rejected', async () => {
    const rejected = (await system.audited()).some(
      ({ action, reason }) => action === 'event.rejected' && reason?.includes('no-such-tenant'),
    );
    return rejected || { not: rejected };
  });
  expect((await system.tenant(tenantId)).status).toBe('active');
  expect(await listed(`tenant=${slug}`)).toEqual(['resume', 'suspend', 'onboard']);
  expect(await listed(`tenant=${slug}&kind=suspend&status=succeeded`)).toEqual(['suspend']);
  expect(await listed(`kind=resume&from=${tenant.createdAt}`)).toEqual(['resume']);
});
