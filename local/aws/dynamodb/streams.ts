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

/** Between two tries of one batch. */
const retryMs = 250;

/** 21 digits, the fewest that AWS gives, so that they sort as text. */
const sequenceNumber = (sequence: number) => `1${String(sequence).padStart(20, '0')}`;

/** Hands the records of each table's stream to its consumer, in the order of commits, each until it is consumed. */
export class Streams {
  readonly #database: Database;
  readonly #tables: Tables;
  /** Table → the end of its consumer's loop. */
  readonly #consumers = new Map<string, Promise<void>>();
  readonly #stopping = new AbortController();
  #woken = Promise.withResolvers<void>();

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
    this.#woken.resolve();
    this.#woken = Promise.withResolvers();
  }

  /** A table's stream has one consumer, since a record is deleted when it is consumed. */
  consume(name: string, consumer: StreamConsumer, options: ConsumerOptions): void {
    if (!this.#tables.get(name).streamArn) throw new Error(`The table ${name} has no stream.`);
    if (this.#consumers.has(name)) throw new Error(`The stream of ${name} already has a consumer.`);
    this.#consumers.set(name, this.#poll(name, consumer, options));
  }

  /** Waits for the batches that consumers are working on. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.wake();
    await Promise.all(this.#consumers.values());
  }

  async #poll(name: string, consumer: StreamConsumer, { batchSize, windowMs, filter }: ConsumerOptions) {
    const { signal } = this.#stopping;
    const read = () => {
      const sql = 'SELECT sequence, record FROM stream WHERE name = ? ORDER BY sequence LIMIT ?';
      return this.#database.rows<{ sequence: number; record: string }>(sql, name, batchSize);
    };
    while (!signal.aborted) {
      const woken = this.#woken.promise;
      let rows = read();
      if (rows.length > 0 && rows.length < batchSize && windowMs > 0) {
        await this.#pause(windowMs);
        rows = read();
      }
      const records = rows.map(({ sequence, record }) => numbered(JSON.parse(record), sequence)).filter(filter);
      let isDone = records.length === 0;
      while (!isDone && !signal.aborted) {
        isDone = await isConsumed(consumer, records);
        if (!isDone) await this.#pause(retryMs);
      }
      const last = rows.at(-1);
      if (!last) await woken;
      else if (isDone) this.#database.run('DELETE FROM stream WHERE name = ? AND sequence <= ?', name, last.sequence);
    }
  }

  #pause(ms: number): Promise<void> {
    return sleep(ms, undefined, { ref: false, signal: this.#stopping.signal }).catch(() => undefined);
  }
}

const numbered = (record: DynamoDBRecord, sequence: number): DynamoDBRecord => ({
  ...record,
  dynamodb: { ...record.dynamodb, SequenceNumber: sequenceNumber(sequence) },
});

/** Like Lambda's poller, sees in an error only that the same batch is wanted again: reporting it is up to the consumer. */
const isConsumed = async (consumer: StreamConsumer, records: DynamoDBRecord[]): Promise<boolean> => {
  try {
    await consumer(records);
    return true;
  } catch {
    return false;
  }
};
