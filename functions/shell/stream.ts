import middy from '@middy/core';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import type { Item } from '#core/change.ts';
import { itemOf } from '#stores/aws/stream-items.ts';
import { namedAndLogged } from './logged.ts';
import { type Log, logFor } from './telemetry.ts';

/** A change of an item: the item after it, and its position in the table's stream. */
export interface ItemChange {
  kind: 'INSERT' | 'MODIFY' | 'REMOVE';
  /** Absent if it was removed. */
  item?: Item;
  position: string;
}

/** The handler of every function called by a table's stream; an error holds the stream until a retry succeeds. */
export const onItemChanges = (name: string, work: (changes: ItemChange[], log: Log) => Promise<void>) => {
  const logOf = (event: DynamoDBStreamEvent) => logFor({ function: name, requestId: event.Records[0]?.eventID ?? '' });
  return middy<DynamoDBStreamEvent, void>()
    .use(namedAndLogged(logOf))
    .handler(async (event: DynamoDBStreamEvent) => {
      await work(event.Records.map(changeOf), logOf(event));
    });
};

const changeOf = ({ eventName = 'MODIFY', dynamodb }: DynamoDBStreamEvent['Records'][number]): ItemChange => ({
  kind: eventName,
  ...(dynamodb?.NewImage && { item: itemOf(dynamodb.NewImage) }),
  position: dynamodb?.SequenceNumber ?? '',
});
