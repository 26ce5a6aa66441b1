import { randomUUID } from 'node:crypto';
import type { DynamoDBRecord } from 'aws-lambda';
import { engine } from './engine.ts';
import { keyOf, type Op } from './level.ts';
import type { Index, Item, Table } from './model.ts';

/** One item as it was and as it will be; `key` is its place in the database. */
export interface Change {
  table: Table;
  key: string;
  before: Item | undefined;
  after: Item | undefined;
}

/** What is written for a change: the item and its entry in every index. */
export function itemOps({ table, key, before, after }: Change): Op[] {
  const ops = [place(key, after)];
  for (const index of table.GlobalSecondaryIndexes ?? []) {
    const old = entryKey(table, index, before);
    const next = entryKey(table, index, after);
    if (old !== undefined && old !== next) ops.push({ type: 'del', key: old });
    if (next !== undefined && after) ops.push({ type: 'put', key: next, value: projected(table, index, after) });
  }
  return ops;
}

const place = (key: string, item: Item | undefined): Op =>
  item ? { type: 'put', key, value: item } : { type: 'del', key };

function entryKey(table: Table, index: Index, item: Item | undefined): string | undefined {
  if (!item || !index.KeySchema.every(({ AttributeName }) => item[AttributeName])) return undefined;
  return keyOf.index(table.TableName, index.IndexName) + engine.createIndexKey(item, table, index.KeySchema);
}

function projected(table: Table, { KeySchema, Projection }: Index, item: Item): Item {
  if (Projection.ProjectionType === 'ALL') return item;
  const keys = [...KeySchema, ...table.KeySchema].map(({ AttributeName }) => AttributeName);
  return pick(item, [...keys, ...(Projection.NonKeyAttributes ?? [])]);
}

const pick = (item: Item, names: string[]): Item =>
  Object.fromEntries(names.flatMap((name) => (item[name] ? [[name, item[name]]] : [])));

/** The stream's record of a change, as a Lambda function receives it, or nothing if the table has no stream. */
export function streamRecord(
  { table, before, after }: Change,
  sequence: number,
  seconds: number,
  userIdentity?: DynamoDBRecord['userIdentity'],
): DynamoDBRecord | undefined {
  const view = table.StreamSpecification?.StreamViewType;
  const image = after ?? before;
  if (!view || !image || !table.LatestStreamArn) return undefined;
  const withNew = view === 'NEW_IMAGE' || view === 'NEW_AND_OLD_IMAGES';
  const withOld = view === 'OLD_IMAGE' || view === 'NEW_AND_OLD_IMAGES';
  return {
    eventID: randomUUID().replaceAll('-', ''),
    eventName: !before ? 'INSERT' : !after ? 'REMOVE' : 'MODIFY',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: table.TableArn.split(':')[3],
    dynamodb: {
      ApproximateCreationDateTime: seconds,
      Keys: pick(
        image,
        table.KeySchema.map(({ AttributeName }) => AttributeName),
      ),
      ...(withNew && after && { NewImage: after }),
      ...(withOld && before && { OldImage: before }),
      SequenceNumber: sequenceNumber(sequence),
      StreamViewType: view,
    },
    eventSourceARN: table.LatestStreamArn,
    ...(userIdentity && { userIdentity }),
  };
}

/** 21 digits, the fewest that AWS gives, so that they sort as text. */
export const sequenceNumber = (sequence: number) => `1${String(sequence).padStart(20, '0')}`;
