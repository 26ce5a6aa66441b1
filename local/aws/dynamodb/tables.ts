import { isDeepStrictEqual } from 'node:util';
import type { TableShape } from '#core/contract/platform/tables.ts';
import { arnOf } from '#local/aws/endpoint/names.ts';
import type { Database } from '#local/database.ts';
import { tableNotFound, validationError } from './errors.ts';
import { type Item, itemSize } from './values.ts';

export interface Key {
  pk: string;
  sk: string;
}

export interface Table {
  shape: TableShape;
  arn: string;
  /** None where the table has no stream. */
  streamArn: string | undefined;
  /** Attributes that indexes are sorted by, each a column beside the item. */
  columns: string[];
}

/** One item as it was and as it will be. */
export interface Change {
  table: Table;
  key: Key;
  before: Item | undefined;
  after: Item | undefined;
}

const partitionKeyBytes = 2048;
const sortKeyBytes = 1024;
const tableKey = { partition: 'pk', sort: 'sk' };

const isKeyText = (text: unknown, maxBytes: number): text is string =>
  typeof text === 'string' && text !== '' && Buffer.byteLength(text) <= maxBytes;

/** The key in an item, or in a request's `Key`, which holds nothing else. */
export const keyOf = (item: Item, { isKeyAlone }: { isKeyAlone: boolean }): Key => {
  const [pk, sk] = [item['pk']?.S, item['sk']?.S];
  const isWhole = isKeyText(pk, partitionKeyBytes) && isKeyText(sk, sortKeyBytes);
  if (!isWhole || (isKeyAlone && Object.keys(item).length !== 2))
    throw validationError('The provided key element does not match the schema');
  return { pk, sk };
};

/** Text in SQL's quotes for names. */
export const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** The product's tables, each a table of SQLite whose indexes are SQLite's: every key is text. */
export class Tables {
  readonly #database: Database;
  readonly #tables: ReadonlyMap<string, Table>;

  /** Makes the tables that are not there yet; throws where one was made with another shape. */
  constructor(database: Database, shapes: readonly TableShape[]) {
    this.#database = database;
    database.execute('CREATE TABLE IF NOT EXISTS shapes (name TEXT PRIMARY KEY, shape TEXT)');
    this.#tables = new Map(shapes.map((shape) => [shape.name, this.#open(shape)]));
  }

  get(name: string): Table {
    const table = this.#tables.get(name);
    if (!table) throw tableNotFound(name);
    return table;
  }

  all(): Table[] {
    return [...this.#tables.values()];
  }

  read({ shape }: Table, { pk, sk }: Key): Item | undefined {
    const sql = `SELECT item FROM ${quoted(shape.name)} WHERE pk = ? AND sk = ?`;
    const [row] = this.#database.rows<{ item: string }>(sql, pk, sk);
    return row && JSON.parse(row.item);
  }

  write({ table: { shape, columns }, key, after }: Change): void {
    const name = quoted(shape.name);
    if (!after) return this.#database.run(`DELETE FROM ${name} WHERE pk = ? AND sk = ?`, key.pk, key.sk);
    const places = Array.from({ length: columns.length + 3 }, () => '?').join(', ');
    const indexed = columns.map((column) => after[column]?.S ?? null);
    return this.#database.run(
      `INSERT OR REPLACE INTO ${name} VALUES (${places})`,
      key.pk,
      key.sk,
      JSON.stringify(after),
      ...indexed,
    );
  }

  #open(shape: TableShape): Table {
    const { name, indexes } = shape;
    const attributes = Object.values(indexes).flatMap(({ partition, sort }) => [partition, sort]);
    const columns = [...new Set(attributes)].filter((attribute) => attribute !== 'pk' && attribute !== 'sk');
    if (!this.#isThere(shape)) {
      const declared = columns.map((column) => `, ${quoted(column)} TEXT`).join('');
      this.#database.execute(
        `CREATE TABLE ${quoted(name)} (pk TEXT, sk TEXT, item TEXT${declared}, PRIMARY KEY (pk, sk))`,
      );
      for (const [index, { partition, sort }] of Object.entries(indexes)) {
        const sorted = [...new Set([partition, sort, 'pk', 'sk'])].map(quoted).join(', ');
        this.#database.execute(`CREATE INDEX ${quoted(`${name}/${index}`)} ON ${quoted(name)} (${sorted})`);
      }
      this.#database.run('INSERT INTO shapes VALUES (?, ?)', name, JSON.stringify(shape));
    }
    const arn = arnOf('dynamodb', `table/${name}`);
    return { shape, columns, arn, streamArn: shape.stream && `${arn}/stream/2026-01-01T00:00:00.000` };
  }

  /** Where a table has another shape, its items lack keys that are read today: better no answers than wrong ones. */
  #isThere(shape: TableShape): boolean {
    const [row] = this.#database.rows<{ shape: string }>('SELECT shape FROM shapes WHERE name = ?', shape.name);
    if (row && !isDeepStrictEqual(JSON.parse(row.shape), shape)) {
      throw new Error(
        `The state in this folder was written by another version of Tenantry (table ${shape.name} has another shape). ` +
          'Begin anew with --fresh, which deletes it, or give this run a --folder of its own.',
      );
    }
    return row !== undefined;
  }
}

/** The attributes by which a table or one of its indexes is sorted. */
export const sortingOf = ({ shape }: Table, index: string | undefined): { partition: string; sort: string } => {
  const sorting = index === undefined ? tableKey : shape.indexes[index];
  if (!sorting) throw validationError(`The table does not have the specified index: ${index}`);
  return sorting;
};

const maxItemBytes = 409_600;

/** Refuses an item that DynamoDB or one of the table's indexes would refuse. */
export const checkItem = ({ shape }: Table, item: Item): void => {
  if (itemSize(item) > maxItemBytes) throw validationError('Item size has exceeded the maximum allowed size');
  for (const [index, { partition, sort }] of Object.entries(shape.indexes)) {
    for (const [name, maxBytes] of [
      [partition, partitionKeyBytes],
      [sort, sortKeyBytes],
    ] as const) {
      if (item[name] !== undefined && !isKeyText(item[name].S, maxBytes))
        throw validationError(
          `One or more parameter values are not valid: an index key is a text of 1 to ${maxBytes} bytes. IndexName: ${index}, IndexKey: ${name}`,
        );
    }
  }
};

const keySchema = ({ partition, sort }: { partition: string; sort: string }) => [
  { AttributeName: partition, KeyType: 'HASH' },
  { AttributeName: sort, KeyType: 'RANGE' },
];

/** The answer of DescribeTable. */
export const describeTable = ({ shape, arn, columns, streamArn }: Table) => ({
  TableName: shape.name,
  TableArn: arn,
  TableStatus: 'ACTIVE',
  BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
  KeySchema: keySchema(tableKey),
  AttributeDefinitions: ['pk', 'sk', ...columns].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
  GlobalSecondaryIndexes: Object.entries(shape.indexes).map(([IndexName, index]) => ({
    IndexName,
    IndexStatus: 'ACTIVE',
    KeySchema: keySchema(index),
    Projection: { ProjectionType: 'ALL' },
  })),
  ...(shape.stream && {
    StreamSpecification: { StreamEnabled: true, StreamViewType: shape.stream },
    LatestStreamArn: streamArn,
  }),
});
