import { Stream } from 'node:stream';
import type { DynamoDBRecord } from 'aws-lambda';
import { engine } from './engine.ts';
import { type Item, isRecord, type TableEntry, type TokenUse } from './model.ts';

export type Op = { type: 'put'; key: string; value: unknown } | { type: 'del'; key: string };
export interface Range {
  gte?: string;
  gt?: string;
  lte?: string;
  lt?: string;
  limit?: number;
  reverse?: boolean;
}
export interface Snapshot {
  close(): Promise<void>;
}
interface Cursor<T> {
  nextv(size: number): Promise<T[]>;
  all(): Promise<T[]>;
  close(): Promise<void>;
}

/** The parts of abstract-level's database that are used here, for keys whose value is a `T`. */
export interface Level<T> {
  open(): Promise<void>;
  getSync(key: string, options?: { snapshot: Snapshot }): T | undefined;
  batch(ops: Op[]): Promise<void>;
  values(range: Range & { highWaterMarkBytes?: number }): Cursor<T>;
  iterator(range: Range): Cursor<[string, T]>;
  clear(range: Range): Promise<void>;
  snapshot(): Snapshot;
  close(): Promise<void>;
}

export type Database = Level<Item> & Level<TableEntry> & Level<TokenUse> & Level<DynamoDBRecord> & Level<number>;

export const keyOf = {
  items: (table: string) => `item-${table}~`,
  index: (table: string, index: string) => `index-global~${table}~${index}~`,
  indexes: (table: string) => `index-global~${table}~`,
  stream: (table: string) => `local-stream~${table}~`,
  tables: 'table~',
  tokens: 'local-token~',
  sequence: 'local-sequence',
};

/** Everything that begins with `prefix`: keys are ASCII, so that `ÿ` comes after all of them. */
export const within = (prefix: string): Range => ({ gte: prefix, lt: `${prefix}\u00ff` });

/** Opens the database in the folder `path`, or in memory; a folder that another run holds is refused in words. */
export async function openLevel(path: string | undefined): Promise<Database> {
  const level = engine.create(path === undefined ? {} : { path }).db;
  try {
    await level.open();
  } catch (error) {
    if (!isLocked(error)) throw error;
    throw new Error(`${path} is in use by another run. Stop that one first, or choose another folder.`, {
      cause: error,
    });
  }
  return level;
}

const isLocked = (error: unknown) =>
  error instanceof Error && isRecord(error.cause) && error.cause['code'] === 'LEVEL_LOCKED';

/** Reads for dynalite's actions: keys below `prefix`, at one moment if a snapshot is given. */
export function readableDb(level: Level<Item>, prefix: string, snapshot?: Snapshot) {
  return {
    get: (key: string, done: (error: unknown, item: Item | undefined) => void) =>
      done(null, level.getSync(prefix + key, snapshot && { snapshot })),
    createValueStream: (range: Range) => new ValueStream(level, below(prefix, range)),
  };
}

function below(prefix: string, { gte, gt, lte, lt, limit = -1, reverse = false }: Range): Range {
  const from = gte === undefined && gt !== undefined ? { gt: prefix + gt } : { gte: prefix + (gte ?? '') };
  const to = lte !== undefined ? { lte: prefix + lte } : { lt: prefix + (lt ?? '\u00ff') };
  return { ...from, ...to, limit, reverse };
}

/** An old-style stream, which is all that dynalite asks for: a modern one costs several times as much per value. */
class ValueStream extends Stream {
  #destroyed = false;

  constructor(level: Level<Item>, range: Range) {
    super();
    this.#pump(level, range).catch((error: unknown) => this.emit('error', error));
  }

  destroy(): void {
    this.#destroyed = true;
  }

  async #pump(level: Level<Item>, range: Range): Promise<void> {
    const cursor = level.values({ ...range, highWaterMarkBytes: 256 * 1024 });
    try {
      for (;;) {
        const values = await cursor.nextv(256);
        for (const value of values) {
          if (this.#destroyed) return;
          this.emit('data', value);
        }
        if (values.length === 0) break;
      }
    } finally {
      await cursor.close();
    }
    this.emit('end');
  }
}
