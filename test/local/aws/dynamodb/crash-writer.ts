import { openDynamoDb } from '#local/aws/dynamodb/dynamodb.ts';
import { crashTables } from './shapes.ts';

/** Appends events to chains, one transaction each over two tables and an index, and says so when it is acknowledged. */
const service = await openDynamoDb({ path: process.argv[2] ?? '', shapes: crashTables });

async function append(chain: string): Promise<void> {
  const head = { pk: { S: chain }, sk: { S: 'HEAD' } };
  const { Count: last } = await service.call('Query', {
    TableName: 'audit',
    KeyConditionExpression: 'pk = :c',
    ExpressionAttributeValues: { ':c': head.pk },
    Select: 'COUNT',
  });
  for (let next = Number(last) + 1; ; next += 1) {
    const place = { S: String(next).padStart(8, '0') };
    const n = { N: `${next}` };
    const event = { pk: { S: chain }, sk: place, status: { S: chain }, at: place, n };
    await service.call('TransactWriteItems', {
      TransactItems: [
        { Put: { TableName: 'tenants', Item: { ...head, n } } },
        { Put: { TableName: 'audit', Item: event, ConditionExpression: 'attribute_not_exists(pk)' } },
      ],
    });
    process.stdout.write(`${chain} ${next}\n`);
  }
}
await Promise.all(Array.from({ length: 8 }, (_, chain) => append(`chain-${chain}`)));
