import { createRequire } from 'node:module';
import { fromEngine, validationError } from './errors.ts';
import { type Parser, parseOnce } from './expressions.ts';
import { itemSize } from './items.ts';
import type { Database } from './level.ts';
import { type Item, isRecord, type Json, type KeySchema, type Table } from './model.ts';
import { removeFromTheEnd, type UpdateSection } from './update-order.ts';

export type Done<T = unknown> = (error?: unknown, result?: T) => void;

/** What dynalite's actions ask of a store; here it is always one of ours, never dynalite's own. */
export interface EngineStore {
  options: typeof engineOptions;
  getTable(name: string, checkStatus: boolean | Done<Table>, done?: Done<Table>): void;
  getItemDb(table: string): object;
  getIndexDb?(type: string, table: string, index: string): object;
}

interface EngineDb {
  create(options: { path?: string }): { db: Database };
  createKey(item: Item, table: Table, keySchema?: KeySchema): string;
  createIndexKey(item: Item, table: Table, keySchema: KeySchema): string;
  updateIndexes(store: object, table: Table, before: Item | undefined, after: Item | null, done: Done): void;
  itemSize(item: Item): number;
}
type Action = (store: object, data: object, done: Done<Json>) => void;
interface Validation<T> {
  /** By the name of each parameter; never has the phantom that carries the checked request's type. */
  types: Record<string, unknown> & { phantom?: T };
  custom?: (data: object, store: object) => string | undefined;
}
interface Checks {
  checkTypes<T>(data: Json, types: Validation<T>['types']): T;
  checkValidations<T>(data: T, types: Validation<T>['types'], custom: Validation<T>['custom'], store: object): void;
}

/** Requests, as far as something other than dynalite looks into them. */
interface Requests {
  createTable: Table;
  deleteTable: { TableName: string };
  describeTable: { TableName: string };
  listTables: { Limit?: number; ExclusiveStartTableName?: string };
  getItem: object;
  putItem: { Key?: never };
  updateItem: { Key: Item };
  deleteItem: { Key: Item };
  query: object;
  scan: object;
  batchGetItem: object;
  batchWriteItem: { RequestItems: Record<string, unknown[]> };
}

const require = createRequire(import.meta.url);
export const engine: EngineDb = require('dynalite/db');
const checks: Checks = require('dynalite/validations');
const parsers: Parser[] = [
  require('dynalite/db/conditionParser'),
  require('dynalite/db/updateParser'),
  require('dynalite/db/projectionParser'),
];
for (const parser of parsers) parseOnce(parser);

const actions = {
  createTable: require('dynalite/actions/createTable'),
  getItem: require('dynalite/actions/getItem'),
  putItem: require('dynalite/actions/putItem'),
  updateItem: require('dynalite/actions/updateItem'),
  deleteItem: require('dynalite/actions/deleteItem'),
  query: require('dynalite/actions/query'),
  scan: require('dynalite/actions/scan'),
  batchGetItem: require('dynalite/actions/batchGetItem'),
  batchWriteItem: require('dynalite/actions/batchWriteItem'),
} satisfies Record<string, Action>;
const validations: { [Operation in keyof Requests]: Validation<Requests[Operation]> } = {
  createTable: require('dynalite/validations/createTable'),
  deleteTable: require('dynalite/validations/deleteTable'),
  describeTable: require('dynalite/validations/describeTable'),
  listTables: require('dynalite/validations/listTables'),
  getItem: require('dynalite/validations/getItem'),
  putItem: require('dynalite/validations/putItem'),
  updateItem: require('dynalite/validations/updateItem'),
  deleteItem: require('dynalite/validations/deleteItem'),
  query: require('dynalite/validations/query'),
  scan: require('dynalite/validations/scan'),
  batchGetItem: require('dynalite/validations/batchGetItem'),
  batchWriteItem: require('dynalite/validations/batchWriteItem'),
};

/** DynamoDB's largest item, 400 KB; a table is made at once. */
export const engineOptions = { maxItemSize: 409_600, createTableMs: 0 };

// dynalite tells items of one index key apart by 24 bits of a hash and so loses some of them: use their whole key.
engine.createIndexKey = (item, table, keySchema) =>
  engine.createKey(item, table, keySchema) + engine.createKey(item, table);
// dynalite counts UTF-16 units where DynamoDB counts bytes.
engine.itemSize = itemSize;
// Index entries are written in the same batch as their item (changes.ts).
engine.updateIndexes = (_store, _table, _before, _after, done) => done();

const LEGACY = 'Expected AttributeUpdates ConditionalOperator QueryFilter ScanFilter KeyConditions AttributesToGet';
const legacy = new Set(LEGACY.split(' '));

interface Parsed {
  _condition?: { expression: unknown };
  _filter?: { expression: unknown };
  _updates?: { sections: UpdateSection[] };
}

/** Checks a request as DynamoDB does and gives it with its expressions parsed; a parameter that would have no effect is refused. */
export function parse<Operation extends keyof Requests>(operation: Operation, input: Json): Requests[Operation] {
  const { types, custom } = validations[operation];
  for (const name of Object.keys(input)) {
    if (input[name] != null && (!(name in types) || legacy.has(name)))
      throw validationError(`The local run does not support the parameter ${name} of ${operation}.`);
  }
  try {
    const data: Requests[Operation] & Parsed = checks.checkTypes(input, types);
    checks.checkValidations(data, types, custom, { options: engineOptions });
    refuseDocumentComparison(data['_condition']?.expression);
    refuseDocumentComparison(data['_filter']?.expression);
    const updates = data['_updates'];
    if (updates) updates.sections = removeFromTheEnd(updates.sections);
    return data;
  } catch (error) {
    throw fromEngine(error);
  }
}

/** Runs an action that never waits on its store. */
export function act(operation: keyof typeof actions, store: EngineStore, data: object): Json {
  let answer: { error: unknown; result: Json | undefined } | undefined;
  const action: Action = actions[operation];
  action(store, data, (error, result) => (answer = { error, result }));
  if (!answer) throw new Error(`dynalite's ${operation} did not answer at once`);
  if (answer.error) throw fromEngine(answer.error);
  return answer.result ?? {};
}

/** Runs an action that waits on its store. */
export async function actAsync(operation: keyof typeof actions, store: object, data: object): Promise<Json> {
  const { promise, resolve, reject } = Promise.withResolvers<Json>();
  const action: Action = actions[operation];
  action(store, data, (error, result) => (error ? reject(fromEngine(error)) : resolve(result ?? {})));
  return promise;
}

/** dynalite finds a map or a list never equal, not even to itself: refuse to compare them rather than answer wrongly. */
function refuseDocumentComparison(expression: unknown): void {
  if (!isRecord(expression) || !Array.isArray(expression['args'])) return;
  const compares = expression['type'] === '=' || expression['type'] === '<>' || expression['type'] === 'in';
  for (const argument of expression['args']) {
    if (compares && isRecord(argument) && ('M' in argument || 'L' in argument))
      throw validationError('The local run does not compare maps or lists; compare a version or a hash.');
    refuseDocumentComparison(argument);
  }
}
