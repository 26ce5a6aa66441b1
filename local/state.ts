import { join } from 'node:path';
import { Database } from './database.ts';

/** One write of several: made by a section, carried out by `State.write`. */
export interface Write {
  section: string;
  key: string;
  /** `undefined` removes the key. */
  value: unknown;
}

/** A named part of the state whose values all have one type. */
export interface Section<T> {
  get(key: string): T | undefined;
  /** The entries in the order of their keys, as they stand when the iteration begins. */
  entries(): AsyncIterable<[key: string, value: T]>;
  put(key: string, value: T): Promise<void>;
  delete(key: string): Promise<void>;
  putting(key: string, value: T): Write;
  deleting(key: string): Write;
}

/** What the local services store: it survives a restart and a kill. */
export class State {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
    database.execute(
      'CREATE TABLE IF NOT EXISTS state (section TEXT, key TEXT, value TEXT, PRIMARY KEY (section, key))',
    );
  }

  /** A part of the state under its own name; opening it twice gives two views of the same entries. */
  section<T>(name: string): Section<T> {
    const database = this.#database;
    const putting = (key: string, value: T): Write => ({ section: name, key, value });
    const deleting = (key: string): Write => ({ section: name, key, value: undefined });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a section only ever holds what was put there
    const valueOf = (text: string) => JSON.parse(text) as T;
    return {
      get(key) {
        const sql = 'SELECT value FROM state WHERE section = ? AND key = ?';
        const [row] = database.rows<{ value: string }>(sql, name, key);
        return row && valueOf(row.value);
      },
      async *entries() {
        const sql = 'SELECT key, value FROM state WHERE section = ? ORDER BY key';
        for (const row of database.rows<{ key: string; value: string }>(sql, name)) yield [row.key, valueOf(row.value)];
      },
      put: (key, value) => this.write([putting(key, value)]),
      delete: (key) => this.write([deleting(key)]),
      putting,
      deleting,
    };
  }

  /** Stores all of the writes or none of them. */
  async write(writes: readonly Write[]): Promise<void> {
    this.#database.transaction(() => {
      for (const { section, key, value } of writes) {
        if (value === undefined) this.#database.run('DELETE FROM state WHERE section = ? AND key = ?', section, key);
        else this.#database.run('INSERT OR REPLACE INTO state VALUES (?, ?, ?)', section, key, JSON.stringify(value));
      }
    });
  }

  async close(): Promise<void> {
    this.#database.close();
  }
}

/** Opens what the local services store in `<folder>/state`; in memory when no folder is given. */
export const openState = async (folder?: string): Promise<State> =>
  new State(new Database(folder && join(folder, 'state')));
