import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Operation } from '#core/contract/model/operation.ts';
import { tableNames } from '#core/contract/platform/names.ts';
import { keys } from '#core/keys.ts';
import { newSystem, type System } from './harness.ts';

let system: System;
beforeAll(async () => {
  system = await (await newSystem()).start();
});
afterAll(() => system.remove());

const foreignId = 'op_01kbaa0000000000000000000a';

/** A running operation of a kind that this version does not know, as a newer or a broken one may have left it. */
const recordForeignOperation = async (onboarding: Operation) => {
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(system.aws));
  await documents.send(
    new PutCommand({
      TableName: tableNames.tenants,
      Item: {
        ...keys.operation(onboarding.subject, foreignId),
        ...onboarding,
        id: foreignId,
        kind: 'unheard-of',
        status: 'running',
        steps: [{ name: 'close-access', status: 'running', attempts: 0 }],
        version: 1,
        requestId: 'request-1',
        entity: 'OPERATION',
        itemId: foreignId,
        statusKey: 'OPERATION#running',
      },
    }),
  );
  documents.destroy();
};

it('leaves an active tenant whole when an operation of an unknown kind runs beside it', async () => {
  const started = (await system.onboard({ tier: 'growth' })).body;
  const onboarding = await system.untilOperation(started.operation.id);
  const { tenantId } = started.tenant;
  const before = await system.tracesOf(tenantId);
  await recordForeignOperation(onboarding);
  await system.advance(61);
  await system.until('the schedule to have met the operation', async () => {
    const lines = await system.logged();
    return (
      lines.some(({ operationId, level }) => operationId === foreignId && level === 'ERROR') || { not: lines.length }
    );
  });
  await system.advance(61);
  const next = await system.untilOperation((await system.onboard({ tier: 'growth' })).body.operation.id);
  expect(next.status).toBe('succeeded');
  expect(await system.tenant(tenantId)).toMatchObject({ status: 'active' });
  expect(before).toHaveLength(4);
  expect(await system.tracesOf(tenantId)).toEqual(before);
  expect((await system.audited(tenantId)).map(({ action }) => action)).not.toContain('tenant.onboarding.failed');
});
