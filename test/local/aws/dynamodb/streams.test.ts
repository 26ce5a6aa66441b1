import { DeleteCommand, PutCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { expect, test } from 'vitest';
import { aDynamoDb, aPath, eventually } from './harness.ts';
import { aTable, withStream } from './shapes.ts';

const anAuditTable = (options: { path?: string } = {}) => aDynamoDb([aTable('audit', withStream)], options);
const put = (pk: string, rest: object = {}) => new PutCommand({ TableName: 'audit', Item: { pk, sk: 'x', ...rest } });
const isInsert = ({ eventName }: DynamoDBRecord) => eventName === 'INSERT';
const names = (records: DynamoDBRecord[]) => records.map((record) => record.dynamodb?.Keys?.['pk']?.S);
const ascending = (texts: string[]) => texts.every((text, n) => n === 0 || text > String(texts[n - 1]));

test('a record says what was and what is, as a function receives it', async () => {
  const { service, documents } = await anAuditTable();
  const records: DynamoDBRecord[] = [];
  service.consumeStream('audit', async (batch) => void records.push(...batch));
  await documents.send(put('a', { n: 1 }));
  await documents.send(put('a', { n: 2 }));
  await documents.send(new DeleteCommand({ TableName: 'audit', Key: { pk: 'a', sk: 'x' } }));
  await eventually(() => expect(records).toHaveLength(3));
  const Keys = { pk: { S: 'a' }, sk: { S: 'x' } };
  expect(records[1]).toEqual({
    eventID: expect.stringMatching(/^[0-9a-f]{32}$/),
    eventName: 'MODIFY',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'us-east-1',
    eventSourceARN: expect.stringContaining(':table/audit/stream/'),
    dynamodb: {
      ApproximateCreationDateTime: expect.any(Number),
      Keys,
      OldImage: { ...Keys, n: { N: '1' } },
      NewImage: { ...Keys, n: { N: '2' } },
      SequenceNumber: expect.stringMatching(/^\d{21}$/),
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
  });
  expect(records.map(({ eventName }) => eventName)).toEqual(['INSERT', 'MODIFY', 'REMOVE']);
  expect(records[0]?.dynamodb?.OldImage).toBeUndefined();
  expect(records[2]?.dynamodb?.NewImage).toBeUndefined();
});

test('a record holds no more than the view asked for', async () => {
  const { service, documents } = await aDynamoDb([aTable('audit', { stream: 'NEW_IMAGE' })]);
  const records: DynamoDBRecord[] = [];
  service.consumeStream('audit', async (batch) => void records.push(...batch));
  await documents.send(put('a', { n: 'old' }));
  await documents.send(put('a', { n: 'new' }));
  await eventually(() => expect(records).toHaveLength(2));
  expect(JSON.stringify(records[1])).not.toContain('old');
});

test('nothing is delivered when nothing changed', async () => {
  const { service, documents } = await anAuditTable();
  const records: DynamoDBRecord[] = [];
  service.consumeStream('audit', async (batch) => void records.push(...batch));
  const same = put('a', { tags: new Set(['x', 'y']), list: [1, { b: 2, c: 3 }] });
  await documents.send(same);
  await documents.send(put('a', { list: [1, { c: 3, b: 2 }], tags: new Set(['y', 'x']) }));
  await documents.send(
    new UpdateCommand({
      TableName: 'audit',
      Key: { pk: 'a', sk: 'x' },
      UpdateExpression: 'SET #l = #l',
      ExpressionAttributeNames: { '#l': 'list' },
    }),
  );
  await documents.send(new DeleteCommand({ TableName: 'audit', Key: { pk: 'absent', sk: 'x' } }));
  await documents.send(
    new TransactWriteCommand({
      TransactItems: [
        {
          ConditionCheck: {
            TableName: 'audit',
            Key: { pk: 'a', sk: 'x' },
            ConditionExpression: 'attribute_exists(pk)',
          },
        },
        { Put: { TableName: 'audit', Item: { pk: 'last', sk: 'x' } } },
      ],
    }),
  );
  await eventually(() => expect(names(records)).toEqual(['a', 'last']));
});

test('records come in the order of commits, in batches of the size asked for', async () => {
  const { service, documents } = await anAuditTable();
  const writer = async (name: number) => {
    for (let n = 0; n < 10; n += 1) await documents.send(put(`${name}`, { n }));
  };
  await Promise.all(Array.from({ length: 16 }, (_, name) => writer(name)));
  const batches: DynamoDBRecord[][] = [];
  service.consumeStream('audit', async (batch) => void batches.push(batch), { batchSize: 25 });
  await eventually(() => expect(batches.flat()).toHaveLength(160));
  expect(Math.max(...batches.map((batch) => batch.length))).toBe(25);
  const records = batches.flat();
  const numbers = records.map((record) => String(record.dynamodb?.SequenceNumber));
  expect(ascending(numbers)).toBe(true);
  for (let name = 0; name < 16; name += 1) {
    const own = records.filter((record) => record.dynamodb?.Keys?.['pk']?.S === `${name}`);
    expect(own.map((record) => record.dynamodb?.NewImage?.['n']?.N)).toEqual([...Array(10).keys()].map(String));
  }
});

test('a batch whose consumer fails comes again, whole and before anything newer', async () => {
  const { service, documents } = await anAuditTable();
  await documents.send(put('a'));
  await documents.send(put('b'));
  const tries: (string | undefined)[][] = [];
  service.consumeStream('audit', async (batch) => {
    tries.push(names(batch));
    if (tries.length < 3) throw new Error('the bus is away');
  });
  await eventually(() => expect(tries).toHaveLength(1));
  await documents.send(put('c'));
  await eventually(() => expect(tries).toHaveLength(4));
  expect(tries).toEqual([['a', 'b'], ['a', 'b'], ['a', 'b'], ['c']]);
});

test('what was not consumed is delivered after a restart, what was consumed is not, and the count goes on', async () => {
  const path = await aPath();
  const before: DynamoDBRecord[] = [];
  const first = await anAuditTable({ path });
  first.service.consumeStream('audit', async (batch) => void before.push(...batch));
  await first.documents.send(put('consumed'));
  await eventually(() => expect(before).toHaveLength(1));
  await first.close();
  const second = await anAuditTable({ path });
  await second.documents.send(put('waiting'));
  await second.close();

  const { service, documents } = await anAuditTable({ path });
  const after: DynamoDBRecord[] = [];
  service.consumeStream('audit', async (batch) => void after.push(...batch));
  await documents.send(put('new'));
  await eventually(() => expect(names(after)).toEqual(['waiting', 'new']));
  const numbers = [...before, ...after].map((record) => String(record.dynamodb?.SequenceNumber));
  expect(ascending(numbers)).toBe(true);
});

test('closing waits for the batch that the consumer is working on', async () => {
  const { service, documents, close } = await anAuditTable();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  let finished = false;
  service.consumeStream('audit', async () => {
    started.resolve();
    await released;
    finished = true;
  });
  await documents.send(put('a'));
  await started.promise;
  const closed = close();
  release();
  await closed;
  expect(finished).toBe(true);
});

test('a record that the filter refuses is not given, whenever it was written', async () => {
  const { service, documents } = await anAuditTable();
  const records: DynamoDBRecord[] = [];
  await documents.send(put('early'));
  await documents.send(put('early', { n: 2 }));
  service.consumeStream('audit', async (batch) => void records.push(...batch), { filter: isInsert });
  await documents.send(put('early', { n: 3 }));
  await documents.send(put('late'));
  await eventually(() => expect(names(records)).toEqual(['early', 'late']));
});

test('a stream has one consumer, and a table without one has none', async () => {
  const { service } = await aDynamoDb([aTable('audit', withStream), aTable('tenants')]);
  service.consumeStream('audit', async () => {});
  expect(() => service.consumeStream('audit', async () => {})).toThrow('already has a consumer');
  expect(() => service.consumeStream('tenants', async () => {})).toThrow('has no stream');
});
