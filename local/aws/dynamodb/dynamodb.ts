import { type AwsService, unknownOperation } from '#local/aws/endpoint/service.ts';
import { Commits } from './commits.ts';
import { openLevel } from './level.ts';
import type { Json } from './model.ts';
import { readItems, readRange, readTransaction } from './reads.ts';
import { type ConsumerOptions, type StreamConsumer, type StreamSubscription, Streams } from './streams.ts';
import { Tables } from './tables.ts';
import { describeTimeToLive, expireItems, updateTimeToLive } from './time-to-live.ts';
import { Tokens } from './tokens.ts';
import { writeTransaction } from './transactions.ts';
import { writeBatch, writeItem } from './writes.ts';

export interface DynamoDbOptions {
  /** Folder of the database; without it everything is kept in memory. */
  path?: string;
  /** Refuses, as AWS does, a transaction that meets another write of the same item, and a write that meets a transaction. */
  conflicts?: boolean;
  /** The virtual clock, in milliseconds. */
  now?: () => number;
  region?: string;
}

export interface LocalDynamoDb extends AwsService {
  /**
   * Delivers the records of a table's stream in commit order, at most `batchSize` (default 100) at a time; after a
   * rejection the same batch comes again. A record is deleted once consumed; others are delivered after a restart.
   */
  consumeStream(tableName: string, consumer: StreamConsumer, options?: Partial<ConsumerOptions>): StreamSubscription;
  /** One sweep over the tables that have time to live switched on; gives the number of deleted items. */
  expireItems(): Promise<number>;
}

/** Opens DynamoDB's local stand-in; a folder that is already open is refused. */
export async function openDynamoDb(options: DynamoDbOptions = {}): Promise<LocalDynamoDb> {
  const { path, conflicts = false, now = Date.now, region = 'us-east-1' } = options;
  const level = await openLevel(path);
  const tables = await Tables.open(level, region);
  const tokens = await Tokens.open(level, now);
  const streams = new Streams(level, tables);
  const commits = new Commits(level, level, now, streams);
  const context = { level, tables, commits, conflicts, now };

  const operations: Record<string, (input: Json) => Json | Promise<Json>> = {
    CreateTable: (input) => tables.create(input),
    DescribeTable: (input) => tables.describe(input),
    ListTables: (input) => tables.list(input),
    DeleteTable: (input) => tables.delete(input, () => commits.settled()),
    UpdateTimeToLive: (input) => updateTimeToLive(tables, input),
    DescribeTimeToLive: (input) => describeTimeToLive(tables, input),
    GetItem: (input) => readItems(context, 'getItem', input),
    BatchGetItem: (input) => readItems(context, 'batchGetItem', input),
    Query: (input) => readRange(context, 'query', input),
    Scan: (input) => readRange(context, 'scan', input),
    TransactGetItems: (input) => readTransaction(context, input),
    PutItem: (input) => writeItem(context, 'putItem', input),
    UpdateItem: (input) => writeItem(context, 'updateItem', input),
    DeleteItem: (input) => writeItem(context, 'deleteItem', input),
    BatchWriteItem: (input) => writeBatch(context, input),
    TransactWriteItems: (input) => writeTransaction(context, tokens, input),
  };

  return {
    async call(operation, input) {
      const run = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
      if (!run) throw unknownOperation(operation);
      return run(input);
    },
    consumeStream: (tableName, consumer, { batchSize = 100, windowMs = 0, filter = () => true } = {}) =>
      streams.consume(tableName, consumer, { batchSize, windowMs, filter }),
    expireItems: () => expireItems(context),
    async close() {
      await streams.stop();
      try {
        await commits.settled();
      } finally {
        await level.close();
      }
    },
  };
}
