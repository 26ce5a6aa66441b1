import {
  BatchGetCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { aDynamoDb } from './harness.ts';
import { aTable } from './shapes.ts';

const aTenantTable = (...others: string[]) => aDynamoDb(['tenants', ...others].map((name) => aTable(name)));
const acme = { pk: 'TENANT#acme', sk: 'TENANT' };
const keyNames = (items: Record<string, unknown>[] = []) => items.map((item) => item['pk']);

test('an item is written, read, changed and deleted', async () => {
  const { documents } = await aTenantTable();
  await documents.send(
    new PutCommand({ TableName: 'tenants', Item: { ...acme, name: 'Acme', tags: ['a', 'b', 'c'] } }),
  );
  const changed = await documents.send(
    new UpdateCommand({
      TableName: 'tenants',
      Key: acme,
      UpdateExpression: 'SET #n = :n ADD visits :one',
      ExpressionAttributeNames: { '#n': 'name' },
      ExpressionAttributeValues: { ':n': 'Acme Ltd', ':one': 1 },
      ReturnValues: 'ALL_NEW',
    }),
  );
  expect(changed.Attributes).toEqual({ ...acme, name: 'Acme Ltd', tags: ['a', 'b', 'c'], visits: 1 });
  expect((await documents.send(new GetCommand({ TableName: 'tenants', Key: acme }))).Item).toEqual(changed.Attributes);
  const deleted = await documents.send(new DeleteCommand({ TableName: 'tenants', Key: acme, ReturnValues: 'ALL_OLD' }));
  expect(deleted.Attributes).toEqual(changed.Attributes);
  expect((await documents.send(new GetCommand({ TableName: 'tenants', Key: acme }))).Item).toBeUndefined();
});

test('an expression used again is read with its new names, values and types', async () => {
  const { documents } = await aTenantTable();
  const update = (name: string, value: unknown, more: object = {}, values: object = {}) =>
    documents.send(
      new UpdateCommand({
        TableName: 'tenants',
        Key: acme,
        UpdateExpression: 'SET #a = :v',
        ExpressionAttributeNames: { '#a': name },
        ExpressionAttributeValues: { ':v': value, ...values },
        ReturnValues: 'ALL_NEW',
        ...more,
      }),
    );
  for (const value of [1, 2, 'two', { nested: { deep: [1] } }, { nested: 'flat' }])
    for (const name of ['one', 'other'])
      expect((await update(name, value)).Attributes).toMatchObject({ [name]: value });
  const guard = { ConditionExpression: '#a = :old' };
  await update('one', 3);
  await update('one', 4, guard, { ':old': 3 });
  await expect(update('one', 5, guard, { ':old': 3 })).rejects.toThrow('The conditional request failed');
  await expect(update('one', 5, {}, { ':old': 3 })).rejects.toThrow('unused in expressions: keys: {:old}');
  const add = { UpdateExpression: 'ADD #a :v' };
  expect((await update('one', 5, add)).Attributes).toMatchObject({ one: 9 });
  await expect(update('one', 'five', add)).rejects.toThrow('Incorrect operand type');
  expect((await update('one', 1, add)).Attributes).toMatchObject({ one: 10 });
});

test('an update sets, removes and adds within maps too', async () => {
  const { documents } = await aTenantTable();
  await documents.send(
    new PutCommand({ TableName: 'tenants', Item: { ...acme, map: { x: 1, y: 2, z: 3 }, dated: true } }),
  );
  const { Attributes } = await documents.send(
    new UpdateCommand({
      TableName: 'tenants',
      Key: acme,
      UpdateExpression: 'REMOVE #m.x, dated SET #m.y = #m.x + :one, made = if_not_exists(made, :one) ADD #m.z :one',
      ExpressionAttributeNames: { '#m': 'map' },
      ExpressionAttributeValues: { ':one': 1 },
      ReturnValues: 'ALL_NEW',
    }),
  );
  expect(Attributes).toEqual({ ...acme, map: { y: 2, z: 4 }, made: 1 });
});

test('a failed condition changes nothing, and gives the item if asked', async () => {
  const { documents } = await aTenantTable();
  await documents.send(new PutCommand({ TableName: 'tenants', Item: { ...acme, version: 1 } }));
  const claim = {
    TableName: 'tenants',
    Item: { ...acme, version: 9 },
    ConditionExpression: 'attribute_not_exists(pk)',
  };
  await expect(documents.send(new PutCommand(claim))).rejects.toMatchObject({
    name: 'ConditionalCheckFailedException',
    message: 'The conditional request failed',
    Item: undefined,
  });
  await expect(
    documents.send(new PutCommand({ ...claim, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' })),
  ).rejects.toMatchObject({ Item: { version: { N: '1' } } });
  const { Item } = await documents.send(new GetCommand({ TableName: 'tenants', Key: acme }));
  expect(Item).toEqual({ ...acme, version: 1 });
});

test('a batch reads from several tables', async () => {
  const { documents } = await aTenantTable('flags');
  await documents.send(new PutCommand({ TableName: 'tenants', Item: { pk: 'one', sk: 'x' } }));
  await documents.send(new PutCommand({ TableName: 'flags', Item: { pk: 'three', sk: 'x' } }));
  const keys = ['one', 'two', 'three'].map((pk) => ({ pk, sk: 'x' }));
  const { Responses, UnprocessedKeys } = await documents.send(
    new BatchGetCommand({ RequestItems: { tenants: { Keys: keys }, flags: { Keys: keys } } }),
  );
  expect(UnprocessedKeys).toEqual({});
  expect(keyNames(Responses?.['tenants'])).toEqual(['one']);
  expect(keyNames(Responses?.['flags'])).toEqual(['three']);
});

test('an index follows its items: entries come, move and go', async () => {
  const { documents } = await aTenantTable();
  const inStatus = async (status: string) => {
    const { Items } = await documents.send(
      new QueryCommand({
        TableName: 'tenants',
        IndexName: 'by-status',
        KeyConditionExpression: '#s = :s',
        ExpressionAttributeNames: { '#s': 'status' },
        ExpressionAttributeValues: { ':s': status },
      }),
    );
    return keyNames(Items);
  };
  const put = (pk: string, rest: object) =>
    documents.send(new PutCommand({ TableName: 'tenants', Item: { pk, sk: 'TENANT', ...rest } }));
  await put('late', { status: 'active', at: '10' });
  await put('early', { status: 'active', at: '09' });
  await put('unplaced', { status: 'active' });
  expect(await inStatus('active')).toEqual(['early', 'late']);
  await put('late', { status: 'suspended', at: '10' });
  await documents.send(new DeleteCommand({ TableName: 'tenants', Key: { pk: 'early', sk: 'TENANT' } }));
  expect(await inStatus('active')).toEqual([]);
  expect(await inStatus('suspended')).toEqual(['late']);
});

test('10,000 items of one index key are all found on the index, page by page, forwards and backwards', async () => {
  const { service, documents } = await aTenantTable();
  const count = 10_000;
  const chunk = 100;
  for (let first = 0; first < count; first += chunk) {
    const TransactItems = Array.from({ length: chunk }, (_, n) => ({
      Put: {
        TableName: 'tenants',
        Item: { pk: { S: `TENANT#${first + n}` }, sk: { S: 'TENANT' }, status: { S: 'active' }, at: { S: '1' } },
      },
    }));
    await service.call('TransactWriteItems', { TransactItems });
  }
  for (const ScanIndexForward of [true, false]) {
    const found = new Set<unknown>();
    let ExclusiveStartKey: Record<string, unknown> | undefined;
    do {
      const page = await documents.send(
        new QueryCommand({
          TableName: 'tenants',
          IndexName: 'by-status',
          KeyConditionExpression: '#s = :s',
          ExpressionAttributeNames: { '#s': 'status' },
          ExpressionAttributeValues: { ':s': 'active' },
          ScanIndexForward,
          Limit: 777,
          ExclusiveStartKey,
        }),
      );
      for (const name of keyNames(page.Items)) found.add(name);
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
    expect(found.size).toBe(count);
  }
});

test('sort keys are in order and can be asked for by prefix, range and filter; a scan sees every item once', async () => {
  const { documents } = await aTenantTable();
  for (const sk of ['OPERATION#2', 'TENANT', 'OPERATION#1', 'OPERATION#10'])
    await documents.send(new PutCommand({ TableName: 'tenants', Item: { pk: 'T', sk, kind: sk.length } }));
  const query = async (more: object, values: object) => {
    const { Items } = await documents.send(
      new QueryCommand({
        TableName: 'tenants',
        ExpressionAttributeValues: { ':t': 'T', ...values },
        KeyConditionExpression: 'pk = :t',
        ...more,
      }),
    );
    return Items?.map((item) => item['sk']);
  };
  expect(await query({}, {})).toEqual(['OPERATION#1', 'OPERATION#10', 'OPERATION#2', 'TENANT']);
  expect(
    await query(
      { KeyConditionExpression: 'pk = :t AND begins_with(sk, :o)', ScanIndexForward: false },
      { ':o': 'OPERATION#' },
    ),
  ).toEqual(['OPERATION#2', 'OPERATION#10', 'OPERATION#1']);
  expect(
    await query(
      { KeyConditionExpression: 'pk = :t AND sk BETWEEN :a AND :b' },
      { ':a': 'OPERATION#10', ':b': 'OPERATION#2' },
    ),
  ).toEqual(['OPERATION#10', 'OPERATION#2']);
  expect(await query({ FilterExpression: 'kind = :k' }, { ':k': 6 })).toEqual(['TENANT']);
  const scan = await documents.send(new ScanCommand({ TableName: 'tenants', Limit: 3 }));
  const rest = await documents.send(
    new ScanCommand({ TableName: 'tenants', Limit: 3, ExclusiveStartKey: scan.LastEvaluatedKey }),
  );
  expect([...(scan.Items ?? []), ...(rest.Items ?? [])]).toHaveLength(4);
});

test('a table holds only its own items, though its name begins like another', async () => {
  const { documents } = await aTenantTable('tenants-archive');
  await documents.send(new PutCommand({ TableName: 'tenants-archive', Item: acme }));
  expect((await documents.send(new ScanCommand({ TableName: 'tenants' }))).Items).toEqual([]);
});
