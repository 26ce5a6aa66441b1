import * as z from 'zod';
import { tables as productTables, type TableShape } from '#core/contract/platform/tables.ts';
import { operation, serviceOf } from '#local/aws/endpoint/operations.ts';
import type { AwsService } from '#local/aws/endpoint/service.ts';
import { Database } from '#local/database.ts';
import { batchGet, batchGetInput, getInput, getItem, query, queryInput, scan, scanInput } from './reads.ts';
import { TableName } from './requests.ts';
import { type ConsumerOptions, type StreamConsumer, Streams } from './streams.ts';
import { describeTable, keyOf, quoted, Tables } from './tables.ts';
import type { Item } from './values.ts';
import {
  apply,
  deleteInput,
  putInput,
  tokensTable,
  transactionInput,
  updateInput,
  type WriteContext,
  writeItem,
  writeTransaction,
} from './writes.ts';

export interface DynamoDbOptions {
  /** File of the database; without it everything is in memory. */
  path?: string;
  /** The tables there are: the product's own by default. */
  shapes?: readonly TableShape[];
  /** The virtual clock, in milliseconds since 1970. */
  now?: () => number;
}

export interface LocalDynamoDb extends AwsService {
  /**
   * Delivers the records of a table's stream in the order of commits, at most `batchSize` (100 by default) at a time;
   * after a rejection the same batch comes again. A record is deleted once consumed; others are delivered after a restart.
   */
  consumeStream(tableName: string, consumer: StreamConsumer, options?: Partial<ConsumerOptions>): void;
  /** Deletes every item whose time is over, as the service itself, and gives their number. */
  expireItems(): Promise<number>;
}

/** Opens DynamoDB's local stand-in; throws for a file that another run holds. */
export async function openDynamoDb(options: DynamoDbOptions = {}): Promise<LocalDynamoDb> {
  const { path, shapes = Object.values(productTables), now = Date.now } = options;
  const database = new Database(path);
  database.execute(tokensTable);
  const tables = new Tables(database, shapes);
  const streams = new Streams(database, tables);
  const context: WriteContext = { database, tables, streams, now };

  return {
    ...serviceOf({
      ListTables: operation(z.strictObject({}), () => ({ TableNames: shapes.map(({ name }) => name).toSorted() })),
      DescribeTable: operation(z.strictObject({ TableName }), (input) => ({
        Table: describeTable(tables.get(input.TableName)),
      })),
      GetItem: operation(getInput, (input) => ({ ...getItem(context, input) })),
      BatchGetItem: operation(batchGetInput, (input) => batchGet(context, input)),
      Query: operation(queryInput, (input) => query(context, input)),
      Scan: operation(scanInput, (input) => scan(context, input)),
      PutItem: operation(putInput, (input) => writeItem(context, input)),
      UpdateItem: operation(updateInput, (input) => writeItem(context, { UpdateExpression: undefined, ...input })),
      DeleteItem: operation(deleteInput, (input) => writeItem(context, input)),
      TransactWriteItems: operation(transactionInput, (input) => writeTransaction(context, input)),
    }),
    consumeStream: (tableName, consumer, { batchSize = 100, windowMs = 0, filter = () => true } = {}) =>
      streams.consume(tableName, consumer, { batchSize, windowMs, filter }),
    expireItems: async () => expireItems(context),
    async close() {
      await streams.stop();
      database.close();
    },
  };
}

// DynamoDB leaves alone what seems to have expired more than five years ago: it is hardly a time in seconds.
const fiveYearsS = 5 * 365 * 86_400;
const userIdentity = { type: 'Service', principalId: 'dynamodb.amazonaws.com' };

const expireItems = (context: WriteContext): number => {
  const { database, tables, streams, now } = context;
  const seconds = Math.floor(now() / 1000);
  const expired = tables.all().flatMap((table) => {
    const { name, expiry } = table.shape;
    if (expiry === undefined) return [];
    const time = `CAST(item ->> '$.${expiry}.N' AS INTEGER)`;
    const sql = `SELECT item FROM ${quoted(name)} WHERE ${time} > ? AND ${time} < ?`;
    return database.rows<{ item: string }>(sql, seconds - fiveYearsS, seconds).map((row) => {
      const before: Item = JSON.parse(row.item);
      return { table, key: keyOf(before, { isKeyAlone: false }), before, after: undefined };
    });
  });
  database.transaction(() => apply(context, expired, userIdentity));
  streams.wake();
  return expired.length;
};
