import { openDynamoDb } from '#local/aws/dynamodb/dynamodb.ts';

/** Appends events to chains, one transaction each over two tables and an index, and says so when it is acknowledged. */
const service = await openDynamoDb({ path: process.argv[2] ?? '' });

async function append(chain: string): Promise<void> {
  const head = { pk: { S: chain }, sk: { S: 'HEAD' } };
  const { Count: last } = await service.call('Query', {
    TableName: 'audit',
    KeyConditionExpression: 'pk = :c',
    ExpressionAttributeValues: { ':c': head.pk },
    Select: 'COUNT',
  });
  for (let next = Number(last) + 1; ; next += 1) {
    const event = {
      pk: { S: chain },
      sk: { S: String(next).padStart(8, '0') },
      status: { S: chain },
      at: { N: `${next}` },
    };
    await service.call('TransactWriteItems', {
      TransactItems: [
        { Put: { TableName: 'tenants', Item: { ...head, at: { N: `${next}` } } } },
        { Put: { TableName: 'audit', Item: event, ConditionExpression: 'attribute_not_exists(pk)' } },
      ],
    });
    process.stdout.write(`${chain} ${next}\n`);
  }
}
await Promise.all(Array.from({ length: 8 }, (_, chain) => append(`chain-${chain}`)));
