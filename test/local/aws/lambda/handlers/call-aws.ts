import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';

interface Wish {
  endpoint: string;
  waitMs?: number;
  operation?: 'GetItem' | 'PutItem';
}

export const outcomes: string[] = [];

/** Makes one call, after a wait, and tells under which name it failed. */
export const handler = async ({ endpoint, waitMs = 0, operation = 'PutItem' }: Wish): Promise<string> => {
  const client = new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  });
  const id = { pk: { S: '1' } };
  try {
    await sleep(waitMs);
    if (operation === 'PutItem') await client.send(new PutItemCommand({ TableName: 't', Item: id }));
    else await client.send(new GetItemCommand({ TableName: 't', Key: id }));
    outcomes.push('ok');
  } catch (error) {
    outcomes.push(error instanceof Error ? error.name : 'unknown');
  } finally {
    client.destroy();
  }
  return outcomes.at(-1) ?? '';
};
