import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

/** SQLite's result codes: the file is in use by another process, cannot be opened, is no database. */
const busy = 5;
const cannotOpen = 14;
const notADatabase = 26;

const openingError = (path: string, cause: unknown): unknown => {
  const code = cause instanceof Error && 'errcode' in cause ? cause.errcode : undefined;
  if (code === busy) {
    const advice = `Another local run is using ${path}: stop it first, or give this one a folder of its own.`;
    return new Error(advice, { cause });
  }
  if (code !== cannotOpen && code !== notADatabase) return cause;
  const advice = `${path} was written by another version of Tenantry: begin anew with --fresh, which deletes it, or give this run a --folder of its own.`;
  return new Error(advice, { cause });
};

/**
 * A SQLite file that one process has for itself. A write outlives the process once its call returns. Nothing waits for
 * the disk, which on a busy machine takes seconds, so a power cut may damage the file.
 */
export class Database {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  /** In memory where no path is given; throws for a file that another run holds. */
  constructor(path = ':memory:') {
    try {
      this.#database = new DatabaseSync(path);
      this.#database.exec(`
        PRAGMA locking_mode = EXCLUSIVE;
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = OFF;
        BEGIN IMMEDIATE;
        COMMIT;`);
    } catch (error) {
      throw openingError(path, error);
    }
  }

  execute(sql: string): void {
    this.#database.exec(sql);
  }

  run(sql: string, ...parameters: SQLInputValue[]): void {
    this.#prepared(sql).run(...parameters);
  }

  /** The rows of a query, whose columns the caller names in `Row`. */
  rows<Row>(sql: string, ...parameters: SQLInputValue[]): Row[] {
    return this.#prepared(sql).all(...parameters) as Row[];
  }

  /** As `rows`, read one by one as the caller takes them. */
  iterate<Row>(sql: string, ...parameters: SQLInputValue[]): Iterable<Row> {
    return this.#prepared(sql).iterate(...parameters) as Iterable<Row>;
  }

  /** Writes all that `work` writes, or nothing where it throws. */
  transaction<T>(work: () => T): T {
    this.execute('BEGIN');
    try {
      const result = work();
      this.execute('COMMIT');
      return result;
    } catch (error) {
      this.execute('ROLLBACK');
      throw error;
    }
  }

  close(): void {
    this.#database.close();
  }

  #prepared(sql: string): StatementSync {
    const statement = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}
