import { actAsync, type Done, engineOptions, parse } from './engine.ts';
import { dynamoDbError, validationError } from './errors.ts';
import { keyOf, type Level, within } from './level.ts';
import type { Json, Table, TableEntry } from './model.ts';
import { shaped, streamSettings } from './requests.ts';

const ACCOUNT = '000000000000';

const notFound = (name: string) =>
  dynamoDbError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);

/** The catalogue of tables, with what dynalite does not keep of them: streams, time to live, deletion protection. */
export class Tables {
  readonly #level: Level<TableEntry>;
  readonly #region: string;
  readonly #entries = new Map<string, TableEntry>();

  private constructor(level: Level<TableEntry>, region: string) {
    this.#level = level;
    this.#region = region;
  }

  static async open(level: Level<TableEntry>, region: string): Promise<Tables> {
    const tables = new Tables(level, region);
    for (const entry of await level.values(within(keyOf.tables)).all())
      tables.#entries.set(entry.table.TableName, entry);
    for (const { table } of tables.entries()) if (table.TableStatus === 'DELETING') await tables.#erase(table);
    return tables;
  }

  /** The table, if it can be used now. */
  active(name: string): Table {
    const table = this.#entries.get(name)?.table;
    if (table?.TableStatus !== 'ACTIVE') throw notFound(name);
    return table;
  }

  /** dynalite's way to ask for a table. */
  readonly getTable = (name: string, checkStatus: boolean | Done<Table>, done?: Done<Table>): void => {
    const answer = typeof checkStatus === 'function' ? checkStatus : done;
    const table = this.#entries.get(name)?.table;
    if (table?.TableStatus === 'ACTIVE') return answer?.(null, table);
    answer?.(dynamoDbError('ResourceNotFoundException', 'Requested resource not found'));
  };

  async create(input: Json): Promise<Json> {
    const { StreamSpecification: _stream, DeletionProtectionEnabled: _protection, Tags: _tags, ...request } = input;
    const { StreamSpecification, DeletionProtectionEnabled } = shaped(streamSettings, input);
    if (request['LocalSecondaryIndexes'])
      throw validationError('The local run does not support local secondary indexes.');
    const table = parse('createTable', request);
    const name = table.TableName;
    if (this.#entries.has(name)) throw dynamoDbError('ResourceInUseException', `Table already exists: ${name}`);
    this.#entries.set(name, { table });
    try {
      await makeActive(table, this.#region);
      if (StreamSpecification?.StreamEnabled) {
        const LatestStreamLabel = new Date().toISOString().slice(0, -1);
        const LatestStreamArn = `${table.TableArn}/stream/${LatestStreamLabel}`;
        Object.assign(table, { StreamSpecification, LatestStreamLabel, LatestStreamArn });
      }
      table.DeletionProtectionEnabled = DeletionProtectionEnabled;
      await this.#save({ table });
    } catch (error) {
      this.#entries.delete(name);
      throw error;
    }
    return { TableDescription: table };
  }

  describe(input: Json): Json {
    const { TableName } = parse('describeTable', input);
    return { Table: this.entry(TableName).table };
  }

  list(input: Json): Json {
    const { Limit = 100, ExclusiveStartTableName = '' } = parse('listTables', input);
    const names = [...this.#entries.keys()].filter((name) => name > ExclusiveStartTableName).toSorted();
    const TableNames = names.slice(0, Limit);
    return { TableNames, ...(names.length > Limit && { LastEvaluatedTableName: TableNames.at(-1) }) };
  }

  /** `settled` resolves when no write to the table is on its way any more. */
  async delete(input: Json, settled: () => Promise<void>): Promise<Json> {
    const { TableName } = parse('deleteTable', input);
    const table = this.entry(TableName).table;
    if (table.TableStatus !== 'ACTIVE')
      throw dynamoDbError(
        'ResourceInUseException',
        `Attempt to change a resource which is still in use: Table: ${TableName}`,
      );
    if (table.DeletionProtectionEnabled)
      throw validationError(
        'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
      );
    table.TableStatus = 'DELETING';
    await settled();
    await this.#save({ table });
    await this.#erase(table);
    return { TableDescription: table };
  }

  entry(name: string): TableEntry {
    const entry = this.#entries.get(name);
    if (!entry) throw notFound(name);
    return entry;
  }

  entries(): TableEntry[] {
    return [...this.#entries.values()];
  }

  async setTimeToLive(name: string, attribute: string | undefined): Promise<void> {
    await this.#save({ table: this.active(name), ...(attribute !== undefined && { timeToLive: attribute }) });
  }

  async #save(entry: TableEntry): Promise<void> {
    const { TableName } = entry.table;
    await this.#level.batch([{ type: 'put', key: keyOf.tables + TableName, value: entry }]);
    this.#entries.set(TableName, entry);
  }

  /** The entry goes last: if the process dies before, the next one goes on. */
  async #erase({ TableName }: Table): Promise<void> {
    for (const prefix of [keyOf.items(TableName), keyOf.indexes(TableName), keyOf.stream(TableName)])
      await this.#level.clear(within(prefix));
    await this.#level.batch([{ type: 'del', key: keyOf.tables + TableName }]);
    this.#entries.delete(TableName);
  }
}

/** Turns a checked request into the description of a table that is ready; dynalite answers while it is still CREATING. */
async function makeActive(table: Table, region: string): Promise<void> {
  const active = Promise.withResolvers<void>();
  const tableDb = {
    awsRegion: region,
    awsAccountId: ACCOUNT,
    lock: (_name: string, locked: (release: (done: Done) => Done) => void) => locked((done) => done),
    get: (_name: string, done: Done) => done(null),
    put(_name: string, _table: Table, done: Done) {
      done(null);
      if (table.TableStatus === 'ACTIVE') active.resolve();
    },
  };
  await actAsync('createTable', { options: engineOptions, tableDb }, table);
  await active.promise;
}
