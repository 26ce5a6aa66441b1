import { PutCommand, QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { expect, test } from 'vitest';
import { aDynamoDb, eventually } from './harness.ts';
import { aTable, withStream } from './shapes.ts';

const SECOND = 1000;
const YEAR_S = 365 * 86_400;

async function anExpiringTable() {
  let time = Date.UTC(2026, 0, 1);
  const shape = aTable('sessions', { ...withStream, expiry: 'expiresAt' });
  const dynamoDb = await aDynamoDb([shape], { now: () => time });
  const { documents } = dynamoDb;
  return {
    ...dynamoDb,
    seconds: time / SECOND,
    advance: (seconds: number) => (time += seconds * SECOND),
    put: (pk: string, expiresAt?: unknown) =>
      documents.send(
        new PutCommand({ TableName: 'sessions', Item: { pk, sk: 'x', expiresAt, status: 'open', at: '1' } }),
      ),
    left: async () => {
      const { Items } = await documents.send(new ScanCommand({ TableName: 'sessions' }));
      return Items?.map((item) => item['pk']).toSorted();
    },
  };
}

test('an item is deleted when its time is over, from its indexes too, by the service itself', async () => {
  const { service, documents, seconds, advance, put, left } = await anExpiringTable();
  await put('soon', seconds + 60);
  await put('later', seconds + 3600);
  expect(await service.expireItems()).toBe(0);
  advance(61);
  expect(await service.expireItems()).toBe(1);
  expect(await left()).toEqual(['later']);
  const { Items } = await documents.send(
    new QueryCommand({
      TableName: 'sessions',
      IndexName: 'by-status',
      KeyConditionExpression: '#s = :s',
      ExpressionAttributeNames: { '#s': 'status' },
      ExpressionAttributeValues: { ':s': 'open' },
    }),
  );
  expect(Items).toHaveLength(1);
  const records: DynamoDBRecord[] = [];
  service.consumeStream('sessions', async (batch) => void records.push(...batch));
  await eventually(() => expect(records).toHaveLength(3));
  expect(records[2]).toMatchObject({
    eventName: 'REMOVE',
    dynamodb: { OldImage: { pk: { S: 'soon' } } },
    userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
  });
});

test('what is not a time in seconds never expires: text, nothing, or more than five years ago', async () => {
  const { service, seconds, put, left } = await anExpiringTable();
  await put('text', 'yesterday');
  await put('nothing');
  await put('ancient', seconds - 6 * YEAR_S);
  await put('expired', seconds - 1);
  expect(await service.expireItems()).toBe(1);
  expect(await left()).toEqual(['ancient', 'nothing', 'text']);
});

test('a great many items expire in one sweep', async () => {
  const { service, seconds } = await anExpiringTable();
  const count = 1200;
  for (let first = 0; first < count; first += 25) {
    const TransactItems = Array.from({ length: 25 }, (_, n) => ({
      Put: {
        TableName: 'sessions',
        Item: { pk: { S: `${first + n}` }, sk: { S: 'x' }, expiresAt: { N: `${seconds - 1}` } },
      },
    }));
    await service.call('TransactWriteItems', { TransactItems });
  }
  expect(await service.expireItems()).toBe(count);
  expect(await service.expireItems()).toBe(0);
});
