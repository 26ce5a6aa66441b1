import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Write } from '#core/change.ts';
import { tableNames } from '#core/contract/platform/names.ts';
import { overrideItem } from '#core/flags/override.ts';
import { newUser } from '#core/user/invite-user.ts';
import { putMembership, putUser } from '#core/user/user-writes.ts';
import { newSystem, type System } from '#test/local/system/harness.ts';
import { hold, stop, untilHeld } from './operations.ts';

let system: System;
beforeAll(async () => {
  system = await (await newSystem()).start();
});
afterAll(() => system.remove());

const now = '2026-11-29T12:00:00.000Z';

const usersOf = (tenantId: string, count: number): Write[] =>
  Array.from({ length: count }, (_none, index) =>
    newUser({ email: `user-${index}@${tenantId}.example`, role: 'tenant-member' }, now),
  ).flatMap((user) => [putUser(tenantId, user), putMembership(tenantId, user.userId)]);

const overridesOf = (tenantId: string, count: number): Write[] =>
  Array.from({ length: count }, (_none, index) => ({
    kind: 'put',
    table: 'flags',
    item: overrideItem({
      tenantId,
      flagKey: `flag-${index}`,
      variant: 'on',
      reason: 'test',
      updatedAt: now,
      updatedBy: 'test',
    }),
  }));

const putAll = async (writes: readonly Write[]) => {
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(system.aws));
  const puts = writes.flatMap((write) =>
    write.kind === 'put' ? [{ Put: { TableName: tableNames[write.table], Item: write.item } }] : [],
  );
  for (let from = 0; from < puts.length; from += 100) {
    await documents.send(new TransactWriteCommand({ TransactItems: puts.slice(from, from + 100) }));
  }
  documents.destroy();
};

it('undoes a tenant with 120 users and 200 overrides, in parts, and leaves nothing', async () => {
  await hold(system, 'activate');
  const { tenant, operation } = (await system.onboard({ tier: 'growth', flags: { 'new-editor': 'on' } })).body;
  const { tenantId } = tenant;
  await untilHeld(system, operation.id, 'activate');
  await putAll([...usersOf(tenantId, 119), ...overridesOf(tenantId, 199)]);
  expect((await system.tracesOf(tenantId)).length).toBeGreaterThan(320);

  await stop(system, 'onboard', operation.id);
  expect(await system.untilOperation(operation.id)).toMatchObject({ status: 'rolled-back' });
  expect(await system.tracesOf(tenantId)).toEqual([]);
  const events = await system.audited(tenantId);
  const removed = events.filter(({ action }) => action === 'operation.undo.progressed').map(({ after }) => after);
  expect(removed.length).toBeGreaterThan(5);
  expect((await system.call(`/v1/tenants/${tenantId}/audit/verify`)).body).toMatchObject({ valid: true });
});
