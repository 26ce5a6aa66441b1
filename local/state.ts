import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { MemoryLevel } from 'memory-level';

/** One write of a batch: made by a section, carried out by `State.write`. */
export interface Write {
  key: string;
  /** `undefined` removes the key. */
  value: unknown;
}

/** A named part of the state whose values are all of one form. Values read are not to be changed in place. */
export interface Section<T> {
  /** Sees every write that was asked for, also those still on their way to disk. */
  get(key: string): T | undefined;
  /** The entries in the order of their keys, as they stand when the iteration begins. */
  entries(): AsyncIterable<[key: string, value: T]>;
  put(key: string, value: T): Promise<void>;
  delete(key: string): Promise<void>;
  putting(key: string, value: T): Write;
  deleting(key: string): Write;
}

interface Batch {
  writes: Write[];
  done: PromiseWithResolvers<void>;
}

interface Level {
  open(): Promise<void>;
  close(): Promise<void>;
  getSync(key: string): unknown;
  batch(operations: ({ type: 'put'; key: string; value: unknown } | { type: 'del'; key: string })[]): Promise<void>;
  iterator(range: { gte: string; lt: string }): AsyncIterable<[string, unknown]>;
}

const json = { valueEncoding: 'json' } as const;

const isLocked = (error: unknown) =>
  error instanceof Error &&
  error.cause instanceof Error &&
  'code' in error.cause &&
  error.cause.code === 'LEVEL_LOCKED';

/** What the local services keep: survives a restart and a kill; a write is kept once its promise resolves. */
export class State {
  readonly #level: Level;
  readonly #unwritten = new Map<string, Write>();
  #next: Batch | undefined;
  #flushing: Promise<void> | undefined;

  constructor(level: Level) {
    this.#level = level;
  }

  /** A part of the state under its own name; opening it twice gives two views of the same entries. */
  section<T>(name: string): Section<T> {
    const prefix = `${name}!`;
    const putting = (key: string, value: T): Write => ({ key: prefix + key, value });
    const deleting = (key: string): Write => ({ key: prefix + key, value: undefined });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a section only ever holds what was put there
    const asPut = (value: unknown) => value as T;
    const read = (key: string) => this.#get(prefix + key);
    const list = () => this.#entries(prefix);
    return {
      get(key) {
        const value = read(key);
        return value === undefined ? undefined : asPut(value);
      },
      async *entries() {
        for await (const [key, value] of list()) yield [key, asPut(value)];
      },
      put: (key, value) => this.write([putting(key, value)]),
      delete: (key) => this.write([deleting(key)]),
      putting,
      deleting,
    };
  }

  /** Keeps all of the writes or none of them; resolves once they are kept. */
  async write(writes: readonly Write[]): Promise<void> {
    if (writes.length === 0) return;
    const batch = (this.#next ??= { writes: [], done: Promise.withResolvers() });
    for (const write of writes) {
      batch.writes.push(write);
      this.#unwritten.set(write.key, write);
    }
    this.#flushing ??= this.#flush();
    await batch.done.promise;
  }

  async close(): Promise<void> {
    await this.#flushing;
    await this.#level.close();
  }

  #get(key: string): unknown {
    const write = this.#unwritten.get(key);
    return write ? write.value : this.#level.getSync(key);
  }

  async *#entries(prefix: string): AsyncGenerator<[string, unknown]> {
    await this.#flushing;
    const range = { gte: prefix, lt: `${prefix.slice(0, -1)}"` };
    for await (const [key, value] of this.#level.iterator(range)) yield [key.slice(prefix.length), value];
  }

  /** One batch on its way at a time: LevelDB writes on other threads and would not keep two of them in order. */
  async #flush(): Promise<void> {
    await Promise.resolve();
    for (let batch = this.#next; batch; batch = this.#next) {
      this.#next = undefined;
      try {
        await this.#level.batch(
          batch.writes.map(({ key, value }) =>
            value === undefined ? { type: 'del' as const, key } : { type: 'put' as const, key, value },
          ),
        );
        batch.done.resolve();
      } catch (error) {
        batch.done.reject(error);
      }
      for (const write of batch.writes) if (this.#unwritten.get(write.key) === write) this.#unwritten.delete(write.key);
    }
    // Here and not when the promise settles: a write asked for in between would wait for nobody.
    this.#flushing = undefined;
  }
}

/** Opens what the local services keep in `<folder>/state`; in memory when no folder is given. */
export const openState = async (folder?: string): Promise<State> => {
  const level: Level = folder
    ? new ClassicLevel<string, unknown>(join(folder, 'state'), json)
    : new MemoryLevel<string, unknown>(json);
  try {
    await level.open();
  } catch (error) {
    if (!isLocked(error)) throw error;
    throw new Error(`Another local run is using ${folder}: stop it first, or give this one a folder of its own.`, {
      cause: error,
    });
  }
  return new State(level);
};
