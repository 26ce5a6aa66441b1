import * as z from 'zod';
import type { Database } from '#local/database.ts';
import { condition } from './conditions.ts';
import { validationError } from './errors.ts';
import { Bindings, ExpressionReader, projection } from './expressions.ts';
import { bound, item, projected, TableName, unmeasured } from './requests.ts';
import { keyOf, quoted, sortingOf, type Table, type Tables } from './tables.ts';
import { compareText, type Item } from './values.ts';

interface Context {
  database: Database;
  tables: Tables;
}

export const getInput = z.strictObject({ TableName, Key: item, ...projected, ...unmeasured });

/** GetItem. */
export const getItem = ({ tables }: Context, input: z.infer<typeof getInput>): { Item?: Item } => {
  const bindings = new Bindings(input);
  const project = projection(input.ProjectionExpression, bindings);
  bindings.assertUsed();
  const found = tables.read(tables.get(input.TableName), keyOf(input.Key, { isKeyAlone: true }));
  return found ? { Item: project(found) } : {};
};

const mostKeys = 100;
export const batchGetInput = z.strictObject({
  RequestItems: z.record(TableName, z.strictObject({ Keys: z.array(item).min(1), ...projected })),
  ...unmeasured,
});

/** BatchGetItem: there are never unprocessed keys. */
export const batchGet = (context: Context, { RequestItems }: z.infer<typeof batchGetInput>) => {
  const batches = Object.entries(RequestItems);
  const keys = batches.flatMap(([name, { Keys }]) => Keys.map((key) => JSON.stringify([name, key['pk'], key['sk']])));
  if (keys.length > mostKeys) throw validationError('Too many items requested for the BatchGetItem call');
  if (new Set(keys).size < keys.length) throw validationError('Provided list of item keys contains duplicates');
  const responses = batches.map(([name, { Keys, ...rest }]) => [
    name,
    Keys.map((Key) => getItem(context, { TableName: name, Key, ...rest }).Item).filter((found) => found !== undefined),
  ]);
  return { Responses: Object.fromEntries(responses), UnprocessedKeys: {} };
};

const ranged = {
  TableName,
  IndexName: z.string().optional(),
  Limit: z.int().min(1).optional(),
  ExclusiveStartKey: item.optional(),
  FilterExpression: z.string().optional(),
  Select: z.enum(['ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES', 'SPECIFIC_ATTRIBUTES', 'COUNT']).optional(),
  ...projected,
  ...bound,
  ...unmeasured,
};
export const queryInput = z.strictObject({
  ...ranged,
  KeyConditionExpression: z.string(),
  ScanIndexForward: z.boolean().default(true),
});
export const scanInput = z.strictObject(ranged);

/** A comparison of a column with a text, as SQL has it. */
type Comparison = [column: string, sign: string, text: string];

const signs = ['=', '<', '<=', '>', '>='];
/** After every text that begins with what stands before it. */
const last = '\u{10ffff}';

const keyText = (reader: ExpressionReader): string => {
  const text = reader.value()?.S;
  if (text === undefined) throw validationError('One or more parameter values were invalid: every key is a text');
  return text;
};

const keyComparisons = (reader: ExpressionReader): Comparison[] => {
  if (reader.isCall && reader.accept('BEGINS_WITH')) {
    reader.expect('(');
    const column = String(reader.path()[0]);
    reader.expect(',');
    const start = keyText(reader);
    reader.expect(')');
    return [
      [column, '>=', start],
      [column, '<', start + last],
    ];
  }
  const column = String(reader.path()[0]);
  if (reader.accept('BETWEEN')) {
    const low = keyText(reader);
    reader.expect('AND');
    return [
      [column, '>=', low],
      [column, '<=', keyText(reader)],
    ];
  }
  const sign = reader.take();
  return signs.includes(sign) ? [[column, sign, keyText(reader)]] : reader.fail();
};

/** Reads a KeyConditionExpression: the partition by equality and, if wanted, a span of the sort key. */
const keyCondition = (text: string, bindings: Bindings, partition: string, sort: string): Comparison[] => {
  const reader = new ExpressionReader(text, bindings);
  const comparisons = keyComparisons(reader);
  if (reader.accept('AND')) comparisons.push(...keyComparisons(reader));
  reader.end();
  const isKey = ([column, sign]: Comparison) => column === sort || (column === partition && sign === '=');
  if (!comparisons.some(([column]) => column === partition) || !comparisons.every(isKey))
    throw validationError(`Query condition missed key schema element: ${partition}, or names what is no key`);
  return comparisons;
};

const isMetBy = (key: Item, [column, sign, text]: Comparison): boolean => {
  const order = compareText(key[column]?.S ?? '', text);
  return order === 0 ? sign.includes('=') : order < 0 ? sign.startsWith('<') : sign.startsWith('>');
};

/** Where a page begins: after this key, which must lie within the query. */
const startOf = (key: Item, columns: readonly string[], comparisons: readonly Comparison[]): Record<string, string> => {
  const texts = columns.flatMap((column) => key[column]?.S ?? []);
  if (texts.length < columns.length) throw validationError('The provided starting key is invalid');
  if (!comparisons.every((comparison) => isMetBy(key, comparison)))
    throw validationError('The provided starting key is outside query boundaries based on provided conditions');
  return Object.fromEntries(columns.map((column, index) => [column, texts[index] ?? '']));
};

type Range = Omit<z.infer<typeof queryInput>, 'KeyConditionExpression'>;

/** One page of the rows that meet the comparisons, in the order of the sort key. */
const page = (context: Context, table: Table, input: Range, comparisons: Comparison[], bindings: Bindings) => {
  const { partition, sort } = sortingOf(table, input.IndexName);
  const columns = [...new Set([partition, sort, 'pk', 'sk'])];
  const filter = condition(input.FilterExpression, bindings);
  const project = projection(input.ProjectionExpression, bindings);
  bindings.assertUsed();
  const start = input.ExclusiveStartKey && startOf(input.ExclusiveStartKey, columns, comparisons);
  const [beyond, order] = input.ScanIndexForward ? ['>', 'ASC'] : ['<', 'DESC'];
  // The start is nearer than the end of the span: SQLite would read from that, and drop what comes before the start.
  const isPassed = ([column, sign]: Comparison) => start !== undefined && column === sort && sign.startsWith(beyond);
  const bounds: Comparison[] = comparisons.filter((comparison) => !isPassed(comparison));
  if (start) bounds.push([sort, `${beyond}=`, start[sort] ?? '']);
  const unbound = [partition, sort].filter((column) => !bounds.some(([name]) => name === column));
  const list = columns.map(quoted);
  const wheres = [
    ...unbound.map((column) => `${quoted(column)} IS NOT NULL`),
    ...bounds.map(([column, sign]) => `${quoted(column)} ${sign} ?`),
    ...(start ? [`(${list.join(', ')}) ${beyond} (${list.map(() => '?').join(', ')})`] : []),
  ];
  const rows = context.database.iterate<{ item: string }>(
    `SELECT item FROM ${quoted(table.shape.name)} WHERE ${wheres.join(' AND ')}
     ORDER BY ${list.map((column) => `${column} ${order}`).join(', ')}`,
    ...bounds.map(([, , text]) => text),
    ...Object.values(start ?? {}),
  );
  const { items, scanned, end } = take(rows, input.Limit, filter);
  return {
    ...(input.Select !== 'COUNT' && { Items: items.map(project) }),
    Count: items.length,
    ScannedCount: scanned,
    ...(end && { LastEvaluatedKey: Object.fromEntries(columns.map((column) => [column, end[column]])) }),
  };
};

/** DynamoDB ends a page after 1 MB, here measured as JSON. */
const maxPageBytes = 1_048_576;

const take = (rows: Iterable<{ item: string }>, limit: number | undefined, filter: (item: Item) => boolean) => {
  const items: Item[] = [];
  let [scanned, bytes] = [0, 0];
  for (const row of rows) {
    const found: Item = JSON.parse(row.item);
    scanned += 1;
    bytes += row.item.length;
    if (filter(found)) items.push(found);
    if (scanned === limit || bytes > maxPageBytes) return { items, scanned, end: found };
  }
  return { items, scanned, end: undefined };
};

/** Query. */
export const query = (context: Context, input: z.infer<typeof queryInput>) => {
  const table = context.tables.get(input.TableName);
  const { partition, sort } = sortingOf(table, input.IndexName);
  const bindings = new Bindings(input);
  const comparisons = keyCondition(input.KeyConditionExpression, bindings, partition, sort);
  return page(context, table, input, comparisons, bindings);
};

/** Scan. */
export const scan = (context: Context, input: z.infer<typeof scanInput>) =>
  page(context, context.tables.get(input.TableName), { ...input, ScanIndexForward: true }, [], new Bindings(input));
