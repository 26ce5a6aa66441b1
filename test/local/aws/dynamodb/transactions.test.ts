import {
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import type { DynamoDbOptions } from '#local/aws/dynamodb/dynamodb.ts';
import { aDynamoDb, aPath } from './harness.ts';
import { aTable } from './shapes.ts';

type Actions = NonNullable<TransactWriteCommandInput['TransactItems']>;

async function tenantsAndAudit(options: DynamoDbOptions = {}) {
  const dynamoDb = await aDynamoDb([aTable('tenants'), aTable('audit')], options);
  const { documents } = dynamoDb;
  return {
    ...dynamoDb,
    write: (TransactItems: Actions, more: object = {}) =>
      documents.send(new TransactWriteCommand({ TransactItems, ...more })),
    all: async (TableName: string) => (await documents.send(new ScanCommand({ TableName }))).Items,
    get: async (Key: Record<string, string>) =>
      (await documents.send(new GetCommand({ TableName: 'tenants', Key }))).Item,
  };
}
const key = (pk: string) => ({ pk, sk: 'x' });
const put = (pk: string, rest: object = {}, TableName = 'tenants') => ({
  Put: { TableName, Item: { ...key(pk), ...rest } },
});
const ifAbsent = { ConditionExpression: 'attribute_not_exists(pk)' };
const ifPresent = { ConditionExpression: 'attribute_exists(pk)' };
const at = (pk: string) => ({ TableName: 'tenants', Key: { pk: { S: pk }, sk: { S: 'x' } } });
const increment = (pk: string) => ({
  TableName: 'tenants',
  Key: key(pk),
  UpdateExpression: 'ADD #n :one',
  ExpressionAttributeNames: { '#n': 'count' },
  ExpressionAttributeValues: { ':one': 1 },
});

test('a transaction writes to two tables and an index at once', async () => {
  const { documents, write, all, get } = await tenantsAndAudit();
  await write([put('old'), put('gone')]);
  await write([
    put('new', { status: 'active', at: '1' }),
    { Update: increment('old') },
    { Delete: { TableName: 'tenants', Key: key('gone') } },
    { ConditionCheck: { TableName: 'tenants', Key: key('absent'), ...ifAbsent } },
    put('event', {}, 'audit'),
  ]);
  expect(await all('tenants')).toHaveLength(2);
  expect(await all('audit')).toEqual([key('event')]);
  expect(await get(key('old'))).toMatchObject({ count: 1 });
  const { Items } = await documents.send(
    new QueryCommand({
      TableName: 'tenants',
      IndexName: 'by-status',
      KeyConditionExpression: '#s = :s',
      ExpressionAttributeNames: { '#s': 'status' },
      ExpressionAttributeValues: { ':s': 'active' },
    }),
  );
  expect(Items).toEqual([{ ...key('new'), status: 'active', at: '1' }]);
});

test('nothing of a refused transaction is applied, and every action has its reason in its place', async () => {
  const { write, all } = await tenantsAndAudit();
  await write([put('taken', { owner: 'first' })]);
  const { Put } = put('taken');
  const refused = write([
    put('fine', {}, 'audit'),
    { Put: { ...Put, ...ifAbsent, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } },
    { ConditionCheck: { TableName: 'tenants', Key: key('absent'), ...ifPresent } },
    { Update: { ...increment('wrong'), Key: { pk: 'wrong' } } },
    { Update: increment('also-fine') },
  ]);
  const message =
    'Transaction cancelled, please refer cancellation reasons for specific reasons ' +
    '[None, ConditionalCheckFailed, ConditionalCheckFailed, ValidationError, None]';
  await expect(refused).rejects.toMatchObject({
    name: 'TransactionCanceledException',
    message,
    CancellationReasons: [
      { Code: 'None' },
      {
        Code: 'ConditionalCheckFailed',
        Message: 'The conditional request failed',
        Item: { pk: { S: 'taken' }, sk: { S: 'x' }, owner: { S: 'first' } },
      },
      { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' },
      { Code: 'ValidationError', Message: 'The provided key element does not match the schema' },
      { Code: 'None' },
    ],
  });
  expect(await all('tenants')).toEqual([{ ...key('taken'), owner: 'first' }]);
  expect(await all('audit')).toEqual([]);
});

test('one item may not stand twice in a transaction', async () => {
  const { write } = await tenantsAndAudit();
  const check = { ConditionCheck: { TableName: 'tenants', Key: key('twice'), ...ifAbsent } };
  await expect(write([check, put('twice')])).rejects.toMatchObject({
    name: 'ValidationException',
    message: 'Transaction request cannot include multiple operations on one item',
  });
});

test('an action must be one thing, and a check must check something', async () => {
  const { service } = await tenantsAndAudit();
  const { Put } = { Put: { TableName: 'tenants', Item: { pk: { S: 'a' }, sk: { S: 'x' } } } };
  const Delete = { TableName: 'tenants', Key: { pk: { S: 'a' }, sk: { S: 'x' } } };
  for (const item of [{}, { Put, Delete }, { ConditionCheck: Delete }, { Get: Delete }])
    await expect(service.call('TransactWriteItems', { TransactItems: [item] })).rejects.toThrow();
});

test('writes that come at the same moment see one another', async () => {
  const { service, get } = await tenantsAndAudit({ path: await aPath() });
  const Update = { ...at('shard'), UpdateExpression: 'ADD n :one', ExpressionAttributeValues: { ':one': { N: '1' } } };
  const Put = { TableName: 'tenants', Item: at('slug').Key, ...ifAbsent };
  const counts = Array.from({ length: 64 }, (_, n) =>
    n % 2 === 0
      ? service.call('UpdateItem', Update)
      : service.call('TransactWriteItems', { TransactItems: [{ Update }] }),
  );
  const claims = Promise.allSettled(
    Array.from({ length: 64 }, () => service.call('TransactWriteItems', { TransactItems: [{ Put }] })),
  );
  await Promise.all(counts);
  expect(await get(key('shard'))).toMatchObject({ n: 64 });
  expect((await claims).filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('writers that read, check and write never overwrite each other', async () => {
  const { write, get } = await tenantsAndAudit();
  await write([put('head', { seq: 0 })]);
  const append = async (): Promise<void> => {
    const seq = Number((await get(key('head')))?.['seq']);
    const { Put } = put('head', { seq: seq + 1 });
    const guard = { ConditionExpression: 'seq = :s', ExpressionAttributeValues: { ':s': seq } };
    const event = put(`event-${seq + 1}`, {}, 'audit');
    await write([{ Put: { ...Put, ...guard } }, { Put: { ...event.Put, ...ifAbsent } }]).catch(append);
  };
  await Promise.all(Array.from({ length: 16 }, append));
  expect(await get(key('head'))).toMatchObject({ seq: 16 });
});

test('a repeated transaction with one token happens once for ten minutes, also over a restart', async () => {
  const path = await aPath();
  let time = Date.now();
  const clock = { path, now: () => time };
  const first = await tenantsAndAudit(clock);
  const token = { ClientRequestToken: 'onboard-1' };
  await first.write([{ Update: increment('shard') }], token);
  await first.write([{ Update: increment('shard') }], token);
  await first.close();

  const again = await tenantsAndAudit(clock);
  const send = (actions: Actions) =>
    again.documents.send(new TransactWriteCommand({ TransactItems: actions, ...token }));
  const count = async () =>
    (await again.documents.send(new GetCommand({ TableName: 'tenants', Key: key('shard') }))).Item?.['count'];
  await send([{ Update: increment('shard') }]);
  expect(await count()).toBe(1);
  await expect(send([{ Update: increment('other') }])).rejects.toMatchObject({
    name: 'IdempotentParameterMismatchException',
  });
  time += 10 * 60_000 + 1;
  await send([{ Update: increment('shard') }]);
  expect(await count()).toBe(2);
});

test('at once repeated, a transaction happens once; refused, it can be tried again with its token', async () => {
  const { documents, write, get } = await tenantsAndAudit();
  const token = { ClientRequestToken: 'claim-1' };
  const claim = () => write([{ Update: { ...increment('shard'), ...ifPresent } }], token);
  await expect(claim()).rejects.toMatchObject({ name: 'TransactionCanceledException' });
  await documents.send(new PutCommand({ TableName: 'tenants', Item: key('shard') }));
  await Promise.all([claim(), claim(), claim()]);
  expect(await get(key('shard'))).toMatchObject({ count: 1 });
});
