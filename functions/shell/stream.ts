import middy from '@middy/core';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import type { Item } from '#core/change.ts';
import { itemOf } from '#stores/aws/stream-items.ts';
import { namedAndLogged } from './logged.ts';
import { type Log, logFor } from './telemetry.ts';

/** A change of an item, as it is after it, and its place in the table's stream. */
export interface ItemChange {
  kind: 'INSERT' | 'MODIFY' | 'REMOVE';
  /** Absent when it was removed. */
  item?: Item;
  position: string;
}

/** The stack of every function that a table's stream calls: what it throws stops the stream until it is taken. */
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
