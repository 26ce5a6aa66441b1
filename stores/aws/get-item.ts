import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Item, Key } from '#core/change.ts';
import { type TableName, tableNames } from '#core/contract/platform/names.ts';

/** Reads one item consistently; `undefined` if there is none. */
export const getItem = async (
  client: DynamoDBDocumentClient,
  table: TableName,
  key: Key,
): Promise<Item | undefined> => {
  const { Item } = await client.send(new GetCommand({ TableName: tableNames[table], Key: key, ConsistentRead: true }));
  return Item as Item | undefined;
};
