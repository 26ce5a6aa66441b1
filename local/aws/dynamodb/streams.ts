import { setTimeout as sleep } from 'node:timers/promises';
import type { DynamoDBRecord } from 'aws-lambda';
import { keyOf, type Level, within } from './level.ts';
import type { Tables } from './tables.ts';

export type StreamConsumer = (records: DynamoDBRecord[]) => Promise<void>;
export interface StreamSubscription {
  stop(): Promise<void>;
}

const FIRST_BACKOFF_MS = 50;
const LONGEST_BACKOFF_MS = 1000;

/** Hands the records of each table's stream to its consumer, in commit order, each until it is consumed. */
export class Streams {
  readonly #level: Level<DynamoDBRecord>;
  readonly #tables: Tables;
  readonly #pollers = new Map<string, Poller>();

  constructor(level: Level<DynamoDBRecord>, tables: Tables) {
    this.#level = level;
    this.#tables = tables;
  }

  wake(table: string): void {
    this.#pollers.get(table)?.wake();
  }

  /** False only of what the consumer's filter keeps from it: such a record need not be written at all. */
  wants(table: string, record: DynamoDBRecord): boolean {
    return this.#pollers.get(table)?.wants(record) ?? true;
  }

  /** A table's stream has one consumer, since a record is deleted when it is consumed. */
  consume(table: string, consumer: StreamConsumer, options: ConsumerOptions): StreamSubscription {
    if (!this.#tables.active(table).LatestStreamArn) throw new Error(`The table ${table} has no stream.`);
    if (this.#pollers.has(table)) throw new Error(`The stream of ${table} already has a consumer.`);
    const poller = new Poller(this.#level, keyOf.stream(table), consumer, options);
    this.#pollers.set(table, poller);
    const stop = async () => {
      await poller.stop();
      if (this.#pollers.get(table) === poller) this.#pollers.delete(table);
    };
    return { stop };
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#pollers.values()].map((poller) => poller.stop()));
    this.#pollers.clear();
  }
}

export interface ConsumerOptions {
  batchSize: number;
  /** How long a batch that is not full may wait for more, in ms. */
  windowMs: number;
  /** Records it refuses count as consumed. */
  filter: (record: DynamoDBRecord) => boolean;
}

class Poller {
  readonly #level: Level<DynamoDBRecord>;
  readonly #prefix: string;
  readonly #consumer: StreamConsumer;
  readonly #options: ConsumerOptions;
  readonly #stopped = Promise.withResolvers<void>();
  readonly #running: Promise<void>;
  #woken = Promise.withResolvers<void>();
  #stopping = false;

  constructor(level: Level<DynamoDBRecord>, prefix: string, consumer: StreamConsumer, options: ConsumerOptions) {
    this.#level = level;
    this.#prefix = prefix;
    this.#consumer = consumer;
    this.#options = options;
    this.#running = this.#run();
  }

  wake(): void {
    this.#woken.resolve();
  }

  wants(record: DynamoDBRecord): boolean {
    return this.#options.filter(record);
  }

  /** Waits for the batch that the consumer has in hand. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#stopped.resolve();
    this.wake();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      this.#woken = Promise.withResolvers<void>();
      const entries = await this.#gathered();
      if (entries.length === 0 && !this.#stopping) await this.#woken.promise;
      else if (await this.#deliver(entries.map(([, record]) => record).filter((record) => this.wants(record))))
        await this.#level.batch(entries.map(([key]) => ({ type: 'del', key })));
    }
  }

  /** The next batch; one that is not full is given its window to fill. */
  async #gathered() {
    const { batchSize, windowMs } = this.#options;
    const read = () => this.#level.iterator({ ...within(this.#prefix), limit: batchSize }).all();
    const entries = await read();
    if (entries.length === 0 || entries.length === batchSize || windowMs === 0) return entries;
    await Promise.race([sleep(windowMs, undefined, { ref: false }), this.#stopped.promise]);
    return read();
  }

  async #deliver(records: DynamoDBRecord[]): Promise<boolean> {
    if (records.length === 0) return true;
    for (let backoff = FIRST_BACKOFF_MS; !this.#stopping; backoff = Math.min(2 * backoff, LONGEST_BACKOFF_MS)) {
      if (await this.#isConsumed(records)) return true;
      await Promise.race([sleep(backoff, undefined, { ref: false }), this.#stopped.promise]);
    }
    return false;
  }

  /** Like Lambda's poller, takes an error as no more than the wish for the same batch again: to report it is the consumer's part. */
  async #isConsumed(records: DynamoDBRecord[]): Promise<boolean> {
    try {
      await this.#consumer(records);
      return true;
    } catch {
      return false;
    }
  }
}
