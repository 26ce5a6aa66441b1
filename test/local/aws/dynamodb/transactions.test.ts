import { setTimeout as sleep } from 'node:timers/promises';
import {
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactGetCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import type { DynamoDbOptions } from '#local/aws/dynamodb/dynamodb.ts';
import { aDynamoDb, aFolder, aTable } from './harness.ts';

type Actions = NonNullable<TransactWriteCommandInput['TransactItems']>;

async function tenantsAndAudit(options: DynamoDbOptions = {}) {
  const dynamoDb = await aDynamoDb(options);
  await dynamoDb.client.send(aTable('tenants'));
  await dynamoDb.client.send(aTable('audit'));
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
    put('new', { status: 'active', at: 1 }),
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
  expect(Items).toEqual([{ ...key('new'), status: 'active', at: 1 }]);
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

test('64 writers who retry on conflicts lose no count', async () => {
  const { documents, write, get } = await tenantsAndAudit({ conflicts: true, path: await aFolder() });
  const claim = async (writer: number): Promise<void> => {
    try {
      if (writer % 4 === 0) await documents.send(new UpdateCommand(increment('shard')));
      else await write([{ Update: increment('shard') }, put(`claim-${writer}`, {}, 'audit')]);
    } catch (error) {
      const inTransaction = { CancellationReasons: [{ Code: 'TransactionConflict' }, { Code: 'None' }] };
      expect(error).toMatchObject(writer % 4 === 0 ? { name: 'TransactionConflictException' } : inTransaction);
      await sleep(Math.random() * 40);
      await claim(writer);
    }
  };
  await Promise.all(Array.from({ length: 64 }, (_, writer) => claim(writer)));
  expect(await get(key('shard'))).toMatchObject({ count: 64 });
});

test('writes that come at the same moment see one another', async () => {
  const { service, get } = await tenantsAndAudit({ path: await aFolder() });
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

test('with conflicts, only a transaction meets a write on its way, and every write meets a transaction', async () => {
  const { service } = await tenantsAndAudit({ conflicts: true, path: await aFolder() });
  const Put = { TableName: 'tenants', Item: at('a').Key };
  const write = () => service.call('PutItem', Put);
  const transact = () => service.call('TransactWriteItems', { TransactItems: [{ Put }] });
  await Promise.all([write(), write(), expect(transact()).rejects.toThrow('[TransactionConflict]')]);
  const Item = { ...Put.Item, changed: { BOOL: true } };
  const first = service.call('TransactWriteItems', { TransactItems: [{ Put: { ...Put, Item } }] });
  await Promise.all([
    first,
    expect(write()).rejects.toThrow('Transaction is ongoing for the item'),
    expect(transact()).rejects.toThrow('[TransactionConflict]'),
  ]);
  await write();
});

test('an answer comes when all it rests on can be read: a refusal, and the answer to a repeat', async () => {
  const { service } = await tenantsAndAudit({ path: await aFolder() });
  // Heavy, so that it is still on its way when the others are judged.
  const heavy = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].map((pk) => ({
    Put: { TableName: 'tenants', Item: { ...at(pk).Key, text: { S: 'x'.repeat(390_000) } } },
  }));
  const isThere = async (pk: string) => (await service.call('GetItem', at(pk)))['Item'] !== undefined;
  const claim = (pk: string) => ({ TableName: 'tenants', Item: at(pk).Key, ...ifAbsent });
  const transact = (...TransactItems: object[]) => service.call('TransactWriteItems', { TransactItems });
  const queued = () =>
    service.call('TransactWriteItems', { TransactItems: [{ Put: claim('queued') }], ClientRequestToken: 'queued' });
  const first = transact(...heavy);
  const answers = [
    service.call('PutItem', claim('i')).catch(() => isThere('i')),
    transact({ Put: claim('i') }).catch(() => isThere('i')),
    queued().then(() => isThere('queued')),
    queued().then(() => isThere('queued')),
    service.call('PutItem', claim('queued')).catch(() => isThere('queued')),
    transact({ ConditionCheck: { ...at('queued'), ...ifAbsent } }).catch(() => isThere('queued')),
  ];
  expect(await Promise.all(answers)).toEqual(answers.map(() => true));
  await first;
});

test('writers that read, check and write never overwrite each other, conflicts or not', async () => {
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

test('a transactional read never sees half of a transaction', async () => {
  const { service } = await tenantsAndAudit({ path: await aFolder() });
  const names = ['a', 'b', 'c', 'd'];
  const ended = new AbortController();
  const writer = async () => {
    for (let n = 1; n <= 600; n += 1)
      await service.call('TransactWriteItems', {
        TransactItems: names.map((pk) => ({
          Put: {
            TableName: 'tenants',
            Item: { ...at(pk).Key, n: { N: `${n}` }, status: { S: 'active' }, at: { N: `${n}` } },
          },
        })),
      });
    ended.abort();
  };
  const read = { TransactItems: names.map((pk) => ({ Get: { ...at(pk), ProjectionExpression: 'n' } })) };
  const seen: unknown[][] = [];
  const reader = async () => {
    while (!ended.signal.aborted) {
      const { Responses } = await service.call('TransactGetItems', read);
      if (Array.isArray(Responses)) seen.push(Responses);
      await new Promise(setImmediate);
    }
  };
  await Promise.all([writer(), reader(), reader()]);
  expect(seen.length).toBeGreaterThan(50);
  expect(seen.filter((items) => new Set(items.map((item) => JSON.stringify(item))).size !== 1)).toEqual([]);
});

test('a transactional read answers in order, with nothing for what is not there', async () => {
  const { documents, write } = await tenantsAndAudit();
  await write([put('one', { name: 'One', secret: 's' }), put('two')]);
  const get = (pk: string) => ({ Get: { TableName: 'tenants', Key: key(pk) } });
  const named = { Get: { ...get('one').Get, ProjectionExpression: '#n', ExpressionAttributeNames: { '#n': 'name' } } };
  const { Responses } = await documents.send(
    new TransactGetCommand({ TransactItems: [get('two'), get('none'), named] }),
  );
  expect(Responses).toEqual([{ Item: key('two') }, {}, { Item: { name: 'One' } }]);
  const wrong = { Get: { TableName: 'tenants', Key: { pk: 'one' } } };
  await expect(documents.send(new TransactGetCommand({ TransactItems: [get('one'), wrong] }))).rejects.toMatchObject({
    name: 'TransactionCanceledException',
    CancellationReasons: [{ Code: 'None' }, { Code: 'ValidationError' }],
  });
});

test('a repeated transaction with one token happens once for ten minutes, also over a restart', async () => {
  const path = await aFolder();
  let time = Date.now();
  const clock = { path, now: () => time };
  const first = await tenantsAndAudit(clock);
  const token = { ClientRequestToken: 'onboard-1' };
  await first.write([{ Update: increment('shard') }], token);
  await first.write([{ Update: increment('shard') }], token);
  await first.close();

  const again = await aDynamoDb(clock);
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
