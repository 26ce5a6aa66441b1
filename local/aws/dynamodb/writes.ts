import { AwsError } from '#local/aws/endpoint/service.ts';
import type { Change } from './changes.ts';
import type { Commits } from './commits.ts';
import { act, type Done, type EngineStore, engineOptions, parse } from './engine.ts';
import { dynamoDbError, hasType, validationError } from './errors.ts';
import { checkItem } from './items.ts';
import { keyOf } from './level.ts';
import type { Item, Json, Table } from './model.ts';
import type { Tables } from './tables.ts';

export type WriteOperation = 'putItem' | 'updateItem' | 'deleteItem' | 'batchWriteItem';

/** What a write would do, with nothing done yet: the changes it asks for, or the error that stands against it. */
export interface Verdict {
  changes: Change[];
  /** The item of a single write, where the request got as far as naming one. */
  key?: string;
  before?: Item | undefined;
  output?: Json;
  error?: unknown;
}

/** Lets dynalite judge a checked request against the newest state, keeping what it writes instead of writing it. */
export function judge(operation: WriteOperation, data: object, tables: Tables, commits: Commits): Verdict {
  const verdict: Verdict = { changes: [] };
  const store: EngineStore = {
    options: engineOptions,
    getTable: tables.getTable,
    getItemDb: (name) => recordingDb(tables.active(name), commits, verdict),
  };
  try {
    verdict.output = act(operation, store, data);
  } catch (error) {
    return { ...verdict, changes: [], error };
  }
  for (const { table, after } of verdict.changes) if (after) checkItem(table, after);
  return verdict;
}

function recordingDb(table: Table, commits: Commits, verdict: Verdict) {
  const prefix = keyOf.items(table.TableName);
  const keep = (after: Item | undefined, done: Done) => {
    if (verdict.key !== undefined) verdict.changes.push({ table, key: verdict.key, before: verdict.before, after });
    done();
  };
  return {
    // Everything here happens at once, so that there is nobody to lock out.
    lock: (_key: string, locked: (release: (done: Done) => Done) => void) => locked((done) => done),
    get(key: string, done: Done<Item>) {
      verdict.key = prefix + key;
      verdict.before = commits.read(verdict.key);
      done(null, verdict.before);
    },
    put: (_key: string, item: Item, done: Done) => keep(item, done),
    del: (_key: string, done: Done) => keep(undefined, done),
  };
}

export interface WriteContext {
  tables: Tables;
  commits: Commits;
  conflicts: boolean;
}

/** PutItem, UpdateItem and DeleteItem. */
export async function writeItem(context: WriteContext, operation: WriteOperation, input: Json): Promise<Json> {
  const { ReturnValuesOnConditionCheckFailure: returning, ...request } = input;
  const { tables, commits, conflicts } = context;
  const verdict = judge(operation, parse(operation, request), tables, commits);
  if (conflicts && verdict.key !== undefined && commits.conflicts(verdict.key, false)) {
    await commits.settled();
    throw dynamoDbError('TransactionConflictException', 'Transaction is ongoing for the item');
  }
  if (verdict.error !== undefined) {
    await commits.settled();
    throw withItem(verdict, returning);
  }
  await commits.commit(verdict);
  return verdict.output ?? {};
}

function withItem({ error, before }: Verdict, returning: unknown): unknown {
  if (returning !== 'ALL_OLD' || !before || !(error instanceof AwsError)) return error;
  if (!hasType(error, 'ConditionalCheckFailedException')) return error;
  return dynamoDbError('ConditionalCheckFailedException', error.message, { Item: before });
}

/** BatchWriteItem: all of its writes are taken, so there are never unprocessed items. */
export async function writeBatch({ tables, commits }: WriteContext, input: Json): Promise<Json> {
  const data = parse('batchWriteItem', input);
  const requests = Object.values(data.RequestItems);
  // Per call, not per table as dynalite has it.
  if (requests.flat().length > 25) throw validationError('Too many items requested for the BatchWriteItem call');
  const verdict = judge('batchWriteItem', data, tables, commits);
  if (verdict.error !== undefined) {
    await commits.settled();
    throw verdict.error;
  }
  await commits.commit(verdict);
  return verdict.output ?? {};
}
