import middy from '@middy/core';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import type { Item } from '#core/change.ts';
import { itemOf } from '#stores/stream-items.ts';
import { namedAndLogged } from './logged.ts';
import { type Log, logFor } from './telemetry.ts';

/** An item that was put into the table, and its place in the table's stream. */
export interface NewItem {
  item: Item;
  position: string;
}

/** The stack of every function that a table's stream calls: what it throws stops the stream until it is taken. */
export const onNewItems = (name: string, work: (items: NewItem[], log: Log) => Promise<void>) => {
  const logOf = (event: DynamoDBStreamEvent) => logFor({ function: name, requestId: event.Records[0]?.eventID ?? '' });
  return middy<DynamoDBStreamEvent, void>()
    .use(namedAndLogged(logOf))
    .handler(async (event: DynamoDBStreamEvent) => {
      await work(event.Records.flatMap(newItem), logOf(event));
    });
};

const newItem = ({ eventName, dynamodb }: DynamoDBStreamEvent['Records'][number]): NewItem[] =>
  eventName === 'INSERT' && dynamodb?.NewImage
    ? [{ item: itemOf(dynamodb.NewImage), position: dynamodb.SequenceNumber ?? '' }]
    : [];
