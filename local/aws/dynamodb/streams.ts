import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DynamoDBRecord } from 'aws-lambda';
import { localRegion } from '#local/aws/endpoint/names.ts';
import type { Database } from '#local/database.ts';
import type { Change, Tables } from './tables.ts';

export type StreamConsumer = (records: DynamoDBRecord[]) => Promise<void>;

export interface ConsumerOptions {
  batchSize: number;
  /** How long a batch that is not full may wait for more, in ms. */
  windowMs: number;
  /** Records it refuses count as consumed. */
  filter: (record: DynamoDBRecord) => boolean;
}

interface Entry {
  sequence: number;
  record: DynamoDBRecord;
}

/** Between two tries of one batch. */
const retryMs = 250;

/** 21 digits, the fewest that AWS gives, so that they sort as text. */
const sequenceNumber = (sequence: number) => `1${String(sequence).padStart(20, '0')}`;

/** Hands the records of each table's stream to its consumer, in the order of commits, each until it is consumed. */
export class Streams {
  readonly #database: Database;
  readonly #tables: Tables;
  readonly #pollers = new Map<string, Poller>();

  constructor(database: Database, tables: Tables) {
    this.#database = database;
    this.#tables = tables;
    // AUTOINCREMENT: a number is not given again when its record has gone.
    database.execute(`
      CREATE TABLE IF NOT EXISTS stream (sequence INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, record TEXT);
      CREATE INDEX IF NOT EXISTS stream_by_name ON stream (name, sequence);`);
  }

  /** Writes the record of a change, as a Lambda function receives it, if the table has a stream. */
  record({ table, key, before, after }: Change, seconds: number, userIdentity?: DynamoDBRecord['userIdentity']): void {
    const { stream, name } = table.shape;
    if (!stream || !table.streamArn) return;
    const record: DynamoDBRecord = {
      eventID: randomUUID().replaceAll('-', ''),
      eventName: !before ? 'INSERT' : !after ? 'REMOVE' : 'MODIFY',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: localRegion,
      dynamodb: {
        ApproximateCreationDateTime: seconds,
        Keys: { pk: { S: key.pk }, sk: { S: key.sk } },
        ...(after && { NewImage: after }),
        ...(before && stream === 'NEW_AND_OLD_IMAGES' && { OldImage: before }),
        StreamViewType: stream,
      },
      eventSourceARN: table.streamArn,
      ...(userIdentity && { userIdentity }),
    };
    this.#database.run('INSERT INTO stream (name, record) VALUES (?, ?)', name, JSON.stringify(record));
  }

  /** To be called when records have been committed. */
  wake(): void {
    for (const poller of this.#pollers.values()) poller.wake();
  }

  /** A table's stream has one consumer, since a record is deleted when it is consumed. */
  consume(name: string, consumer: StreamConsumer, options: ConsumerOptions): void {
    if (!this.#tables.get(name).streamArn) throw new Error(`The table ${name} has no stream.`);
    if (this.#pollers.has(name)) throw new Error(`The stream of ${name} already has a consumer.`);
    this.#pollers.set(name, new Poller(this.#database, name, consumer, options));
  }

  /** Waits for the batches that consumers are working on. */
  async stop(): Promise<void> {
    await Promise.all([...this.#pollers.values()].map((poller) => poller.stop()));
  }
}

class Poller {
  readonly #database: Database;
  readonly #name: string;
  readonly #consumer: StreamConsumer;
  readonly #options: ConsumerOptions;
  readonly #stopped = Promise.withResolvers<void>();
  readonly #running: Promise<void>;
  #woken = Promise.withResolvers<void>();
  #stopping = false;

  constructor(database: Database, name: string, consumer: StreamConsumer, options: ConsumerOptions) {
    this.#database = database;
    this.#name = name;
    this.#consumer = consumer;
    this.#options = options;
    this.#running = this.#run();
  }

  wake(): void {
    this.#woken.resolve();
  }

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
      const last = entries.at(-1);
      if (!last) await this.#woken.promise;
      else if (await this.#deliver(entries.map(({ record }) => record).filter(this.#options.filter)))
        this.#database.run('DELETE FROM stream WHERE name = ? AND sequence <= ?', this.#name, last.sequence);
    }
  }

  /** The next batch; one that is not full is given its window to fill. */
  async #gathered(): Promise<Entry[]> {
    const { batchSize, windowMs } = this.#options;
    const entries = this.#read();
    if (this.#stopping || entries.length === 0 || entries.length === batchSize || windowMs === 0) return entries;
    await this.#pause(windowMs);
    return this.#read();
  }

  #read(): Entry[] {
    const sql = 'SELECT sequence, record FROM stream WHERE name = ? ORDER BY sequence LIMIT ?';
    const rows = this.#database.rows<{ sequence: number; record: string }>(sql, this.#name, this.#options.batchSize);
    return rows.map(({ sequence, record: text }) => {
      const record: DynamoDBRecord = JSON.parse(text);
      return {
        sequence,
        record: { ...record, dynamodb: { ...record.dynamodb, SequenceNumber: sequenceNumber(sequence) } },
      };
    });
  }

  async #deliver(records: DynamoDBRecord[]): Promise<boolean> {
    if (records.length === 0) return true;
    while (!this.#stopping) {
      if (await this.#isConsumed(records)) return true;
      await this.#pause(retryMs);
    }
    return false;
  }

  /** Like Lambda's poller, sees in an error only that the same batch is wanted again: reporting it is up to the consumer. */
  async #isConsumed(records: DynamoDBRecord[]): Promise<boolean> {
    try {
      await this.#consumer(records);
      return true;
    } catch {
      return false;
    }
  }

  #pause(ms: number): Promise<void> {
    return Promise.race([sleep(ms, undefined, { ref: false }), this.#stopped.promise]);
  }
}
