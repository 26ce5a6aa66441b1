import { act, actAsync, type EngineStore, engineOptions, parse } from './engine.ts';
import { keyOf, type Level, readableDb, type Snapshot } from './level.ts';
import type { Item, Json } from './model.ts';
import { shaped, transactionRead } from './requests.ts';
import type { Tables } from './tables.ts';
import { canceled, type Reason, reasonOf } from './transaction-reasons.ts';

export interface ReadContext {
  tables: Tables;
  level: Level<Item>;
}

const storeOf = ({ tables, level }: ReadContext, snapshot?: Snapshot): EngineStore => ({
  options: engineOptions,
  getTable: tables.getTable,
  getItemDb: (table) => readableDb(level, keyOf.items(table), snapshot),
  getIndexDb: (_type, table, index) => readableDb(level, keyOf.index(table, index)),
});

/** GetItem and BatchGetItem. */
export const readItems = (context: ReadContext, operation: 'getItem' | 'batchGetItem', input: Json): Json =>
  act(operation, storeOf(context), parse(operation, input));

/** Query and Scan: one page sees one moment, as LevelDB's iterators do. */
export const readRange = async (context: ReadContext, operation: 'query' | 'scan', input: Json): Promise<Json> =>
  actAsync(operation, storeOf(context), parse(operation, input));

/** TransactGetItems: a batch lands on another thread, so only a snapshot shows all items at one moment. */
export async function readTransaction(context: ReadContext, input: Json): Promise<Json> {
  const requests = shaped(transactionRead, input).TransactItems.map(({ Get }) => parse('getItem', Get));
  const snapshot = context.level.snapshot();
  try {
    const store = storeOf(context, snapshot);
    const answers = requests.map((request): { output?: Json; reason: Reason } => {
      try {
        const { Item } = act('getItem', store, request);
        return { output: Item === undefined ? {} : { Item }, reason: { Code: 'None' } };
      } catch (error) {
        return { reason: reasonOf(error) };
      }
    });
    if (answers.some(({ output }) => !output)) throw canceled(answers.map(({ reason }) => reason));
    return { Responses: answers.map(({ output }) => output) };
  } finally {
    await snapshot.close();
  }
}
