import { ListBackupsCommand, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { aDynamoDb } from './harness.ts';
import { aTable } from './shapes.ts';

const aTenantTable = () => aDynamoDb([aTable('tenants')]);
const put = (item: object, more: object = {}) =>
  new PutCommand({ TableName: 'tenants', Item: { pk: 'T', sk: 'x', ...item }, ...more });
const puts = (count: number, text = '') =>
  Array.from({ length: count }, (_, n) => ({ Put: { TableName: 'tenants', Item: { pk: `${n}`, sk: 'x', text } } }));

test('an operation that the local run does not have is refused by its name', async () => {
  const { client } = await aTenantTable();
  await expect(client.send(new ListBackupsCommand({}))).rejects.toMatchObject({
    name: 'UnknownOperationException',
    message: expect.stringContaining('ListBackups'),
  });
  await expect(client.send(new UpdateTableCommand({ TableName: 'tenants' }))).rejects.toMatchObject({
    name: 'UnknownOperationException',
  });
});

test('a parameter that would have no effect is refused', async () => {
  const { documents } = await aTenantTable();
  await expect(
    documents.send(new GetCommand({ TableName: 'tenants', Key: { pk: 'T', sk: 'x' }, AttributesToGet: ['pk'] })),
  ).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringContaining('AttributesToGet') });
});

test('a wrong expression is told to the caller', async () => {
  const { documents } = await aTenantTable();
  await expect(documents.send(put({}, { ConditionExpression: 'status = :s' }))).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining('reserved keyword'),
  });
});

test('a table that is not there is told apart', async () => {
  const { documents } = await aTenantTable();
  const missing = { TableName: 'nowhere', Key: { pk: 'T', sk: 'x' } };
  await expect(documents.send(new GetCommand(missing))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await expect(
    documents.send(new TransactWriteCommand({ TransactItems: [{ Delete: missing }] })),
  ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('an empty string as index key is refused in every way of writing', async () => {
  const { documents } = await aTenantTable();
  const refusal = {
    name: 'ValidationException',
    message: expect.stringContaining('IndexName: by-status, IndexKey: status'),
  };
  const update = {
    TableName: 'tenants',
    Key: { pk: 'T', sk: 'x' },
    UpdateExpression: 'SET #s = :s',
    ExpressionAttributeNames: { '#s': 'status' },
    ExpressionAttributeValues: { ':s': '' },
  };
  await expect(documents.send(put({ status: '' }))).rejects.toMatchObject(refusal);
  await expect(documents.send(new UpdateCommand(update))).rejects.toMatchObject(refusal);
  await expect(documents.send(new TransactWriteCommand({ TransactItems: [{ Update: update }] }))).rejects.toMatchObject(
    refusal,
  );
});

test('an item may be nested 32 levels deep and no deeper', async () => {
  const { documents } = await aTenantTable();
  const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
  await documents.send(put({ deep: nested(32) }));
  await expect(documents.send(put({ deep: nested(33) }))).rejects.toMatchObject({
    message: expect.stringContaining('Nesting Levels have exceeded'),
  });
});

test('an item over 400 KB is refused, counted in bytes', async () => {
  const { documents } = await aTenantTable();
  await documents.send(put({ text: 'x'.repeat(400_000) }));
  await expect(documents.send(put({ text: 'é'.repeat(210_000) }))).rejects.toMatchObject({
    name: 'ValidationException',
  });
  await expect(documents.send(put({ text: 'x'.repeat(410_000) }))).rejects.toMatchObject({
    name: 'ValidationException',
  });
});

test('maps and lists are equal by what they hold', async () => {
  const { documents } = await aTenantTable();
  await documents.send(put({ place: { a: 1, list: ['x', { b: 2, c: 3 }] } }));
  const check = (ConditionExpression: string, value: unknown) =>
    documents.send(put({}, { ConditionExpression, ExpressionAttributeValues: { ':v': value } }));
  await expect(check('place <> :v', { list: ['x', { c: 3, b: 2 }], a: 1 })).rejects.toThrow('conditional request');
  await expect(check('place = :v', { list: [{ c: 3, b: 2 }, 'x'], a: 1 })).rejects.toThrow('conditional request');
  await check('place IN (:v)', { list: ['x', { c: 3, b: 2 }], a: 1 });
});

test('what is no value is refused', async () => {
  const { service } = await aTenantTable();
  for (const wrong of ['text', {}, { S: 'a', N: '1' }, { N: 'one' }, { X: 'y' }, { SS: [] }, { SS: ['a', 'a'] }]) {
    const Item = { pk: { S: 'T' }, sk: { S: 'x' }, wrong };
    await expect(service.call('PutItem', { TableName: 'tenants', Item })).rejects.toMatchObject({
      name: 'ValidationException',
    });
  }
});

test('a transaction may have 100 actions and no more', async () => {
  const { documents } = await aTenantTable();
  await documents.send(new TransactWriteCommand({ TransactItems: puts(100) }));
  await expect(documents.send(new TransactWriteCommand({ TransactItems: puts(101) }))).rejects.toMatchObject({
    name: 'ValidationException',
  });
});

test('a transaction may write 4 MB and no more', async () => {
  const { documents } = await aTenantTable();
  const text = 'x'.repeat(390_000);
  await documents.send(new TransactWriteCommand({ TransactItems: puts(10, text) }));
  await expect(documents.send(new TransactWriteCommand({ TransactItems: puts(11, text) }))).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining('4 MB'),
  });
});
