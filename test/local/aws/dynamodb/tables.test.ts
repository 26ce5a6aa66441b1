import { DescribeTableCommand, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { openDynamoDb } from '#local/aws/dynamodb/dynamodb.ts';
import { aDynamoDb, aPath } from './harness.ts';
import { aTable, withStream } from './shapes.ts';

test('a table is there from the start, and keeps its items over a restart', async () => {
  const path = await aPath();
  const shapes = [aTable('tenants', withStream)];
  const first = await aDynamoDb(shapes, { path });
  await first.documents.send(new PutCommand({ TableName: 'tenants', Item: { pk: 'T', sk: 'x' } }));
  await first.close();

  const { client, documents } = await aDynamoDb(shapes, { path });
  const { Table } = await client.send(new DescribeTableCommand({ TableName: 'tenants' }));
  expect(Table).toMatchObject({
    TableStatus: 'ACTIVE',
    TableArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/tenants',
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    GlobalSecondaryIndexes: [{ IndexName: 'by-status', IndexStatus: 'ACTIVE' }],
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    LatestStreamArn: expect.stringMatching(/^arn:aws:dynamodb:us-east-1:000000000000:table\/tenants\/stream\/2/),
  });
  expect((await documents.send(new ScanCommand({ TableName: 'tenants' }))).Count).toBe(1);
});

test('tables are listed by name', async () => {
  const { client } = await aDynamoDb(['tenants', 'audit', 'flags'].map((name) => aTable(name)));
  expect((await client.send(new ListTablesCommand({}))).TableNames).toEqual(['audit', 'flags', 'tenants']);
});

test('a table that another version made with another shape is refused, with what to do', async () => {
  const path = await aPath();
  await (await aDynamoDb([aTable('tenants')], { path })).close();
  const indexes = { 'by-name': { partition: 'name', sort: 'at' } };
  await expect(openDynamoDb({ path, shapes: [aTable('tenants', { indexes })] })).rejects.toThrow(/tenants .* --fresh/);
});

test('a database that is open elsewhere is refused in words', async () => {
  const path = await aPath();
  await aDynamoDb([aTable('tenants')], { path });
  await expect(openDynamoDb({ path })).rejects.toThrow(`Another local run is using ${path}`);
});
