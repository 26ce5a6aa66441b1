import {
  type CreateTableCommandInput,
  DeleteTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  ListTablesCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { openDynamoDb } from '#local/aws/dynamodb/dynamodb.ts';
import { aDynamoDb, aFolder, aTable, withStream } from './harness.ts';

const timeToLive = (Enabled: boolean, AttributeName = 'expiresAt') =>
  new UpdateTimeToLiveCommand({ TableName: 'tenants', TimeToLiveSpecification: { Enabled, AttributeName } });
const item = new PutCommand({ TableName: 'tenants', Item: { pk: 'T', sk: 'x' } });

test('a table is ready when it is made, and keeps its settings over a restart', async () => {
  const path = await aFolder();
  const first = await aDynamoDb({ path });
  await first.client.send(aTable('tenants', withStream));
  await first.documents.send(item);
  await first.client.send(timeToLive(true));
  await first.close();

  const { client, documents } = await aDynamoDb({ path });
  const { Table } = await client.send(new DescribeTableCommand({ TableName: 'tenants' }));
  expect(Table).toMatchObject({
    TableStatus: 'ACTIVE',
    TableArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/tenants',
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    GlobalSecondaryIndexes: [{ IndexName: 'by-status', IndexStatus: 'ACTIVE' }],
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    LatestStreamArn: expect.stringMatching(/^arn:aws:dynamodb:us-east-1:000000000000:table\/tenants\/stream\/2/),
  });
  const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName: 'tenants' }));
  expect(TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expiresAt' });
  expect((await documents.send(new ScanCommand({ TableName: 'tenants' }))).Count).toBe(1);
});

test('tables are listed by name, page by page', async () => {
  const { client } = await aDynamoDb();
  for (const name of ['tenants', 'audit', 'flags']) await client.send(aTable(name));
  const first = await client.send(new ListTablesCommand({ Limit: 2 }));
  expect(first).toMatchObject({ TableNames: ['audit', 'flags'], LastEvaluatedTableName: 'flags' });
  const second = await client.send(new ListTablesCommand({ ExclusiveStartTableName: first.LastEvaluatedTableName }));
  expect(second.TableNames).toEqual(['tenants']);
});

test('a table of that name is made once', async () => {
  const { client } = await aDynamoDb();
  const outcomes = await Promise.allSettled([client.send(aTable('tenants')), client.send(aTable('tenants'))]);
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  await expect(client.send(aTable('tenants'))).rejects.toMatchObject({ name: 'ResourceInUseException' });
});

test('a deleted table takes its items with it', async () => {
  const { client, documents } = await aDynamoDb();
  await client.send(aTable('tenants'));
  await documents.send(item);
  await client.send(new DeleteTableCommand({ TableName: 'tenants' }));
  await expect(documents.send(item)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await client.send(aTable('tenants'));
  expect((await documents.send(new ScanCommand({ TableName: 'tenants' }))).Count).toBe(0);
});

test('a table protected from deletion stays', async () => {
  const { client } = await aDynamoDb();
  await client.send(aTable('tenants', { DeletionProtectionEnabled: true }));
  await expect(client.send(new DeleteTableCommand({ TableName: 'tenants' }))).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining('protected against deletion'),
  });
});

test('what a table cannot have here is refused when it is made', async () => {
  const { client } = await aDynamoDb();
  const wishes: Partial<CreateTableCommandInput>[] = [
    { SSESpecification: { Enabled: true } },
    { StreamSpecification: { StreamEnabled: true } },
    {
      LocalSecondaryIndexes: [
        {
          IndexName: 'local',
          KeySchema: [
            { AttributeName: 'pk', KeyType: 'HASH' },
            { AttributeName: 'at', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    },
  ];
  for (const wish of wishes)
    await expect(client.send(aTable('tenants', wish))).rejects.toMatchObject({ name: 'ValidationException' });
});

test('time to live is switched once on and once off', async () => {
  const { client } = await aDynamoDb();
  await client.send(aTable('tenants'));
  await client.send(timeToLive(true));
  await expect(client.send(timeToLive(true))).rejects.toMatchObject({ message: 'TimeToLive is already enabled' });
  await expect(client.send(timeToLive(false, 'other'))).rejects.toMatchObject({ name: 'ValidationException' });
  await client.send(timeToLive(false));
  const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName: 'tenants' }));
  expect(TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'DISABLED' });
});

test('a folder that is open elsewhere is refused in words', async () => {
  const path = await aFolder();
  await aDynamoDb({ path });
  await expect(openDynamoDb({ path })).rejects.toThrow(`${path} is in use by another run.`);
});
