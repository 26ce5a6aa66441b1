import type { DynamoDBRecord } from 'aws-lambda';
import { type Change, itemOps, sequenceNumber, streamRecord } from './changes.ts';
import { sameItem } from './items.ts';
import { keyOf, type Level, type Op } from './level.ts';
import type { Item } from './model.ts';
import type { Streams } from './streams.ts';

export interface Commit {
  changes: Change[];
  transaction?: boolean;
  /** Keys a transaction only looks at. */
  checks?: string[];
  /** Written with the changes, or not at all. */
  ops?: Op[];
  userIdentity?: DynamoDBRecord['userIdentity'];
}

class Group {
  readonly ops: Op[] = [];
  readonly items = new Map<string, Item | undefined>();
  readonly touchedByTransaction = new Map<string, boolean>();
  readonly streams = new Set<string>();
  readonly done = Promise.withResolvers<void>();
}

/**
 * Writes in the order they are handed in, each one whole or not at all, several in one batch: one batch is on its
 * way to the database, the next one fills up. Reads see what is on its way.
 */
export class Commits {
  readonly #level: Level<Item>;
  readonly #now: () => number;
  readonly #streams: Streams;
  #filling = new Group();
  #inFlight: Group | undefined;
  #sequence: number;

  constructor(level: Level<Item>, counters: Level<number>, now: () => number, streams: Streams) {
    this.#level = level;
    this.#now = now;
    this.#streams = streams;
    this.#sequence = counters.getSync(keyOf.sequence) ?? 0;
  }

  read(key: string): Item | undefined {
    if (this.#filling.items.has(key)) return this.#filling.items.get(key);
    if (this.#inFlight?.items.has(key)) return this.#inFlight.items.get(key);
    return this.#level.getSync(key);
  }

  /** Whether a write of this item is on its way: a transaction's, or for a transaction any at all. */
  conflicts(key: string, transaction: boolean): boolean {
    return [this.#filling, this.#inFlight].some((group) => {
      const byTransaction = group?.touchedByTransaction.get(key);
      return transaction ? byTransaction !== undefined : byTransaction === true;
    });
  }

  /** Resolves when the changes can be read by everyone and outlive the process. */
  async commit(commit: Commit): Promise<void> {
    const changes = commit.changes.filter(({ before, after }) => !sameItem(before, after));
    if (changes.length === 0 && !commit.ops?.length) return this.settled();
    const group = this.#filling;
    for (const change of changes) {
      group.items.set(change.key, change.after);
      group.ops.push(...itemOps(change));
      this.#record(group, change, commit.userIdentity);
    }
    if (commit.ops) group.ops.push(...commit.ops);
    for (const key of [...commit.changes.map((change) => change.key), ...(commit.checks ?? [])])
      group.touchedByTransaction.set(key, commit.transaction || group.touchedByTransaction.get(key) === true);
    if (!this.#inFlight) void this.#flush();
    return group.done.promise;
  }

  /** Resolves when all that a read could have seen until now is in the database: only then may a refusal be answered. */
  async settled(): Promise<void> {
    await (this.#filling.ops.length > 0 ? this.#filling : this.#inFlight)?.done.promise;
  }

  #record(group: Group, change: Change, userIdentity: Commit['userIdentity']): void {
    const record = streamRecord(change, this.#sequence + 1, Math.floor(this.#now() / 1000), userIdentity);
    const { TableName } = change.table;
    if (!record || !this.#streams.wants(TableName, record)) return;
    this.#sequence += 1;
    const key = keyOf.stream(TableName) + sequenceNumber(this.#sequence);
    group.ops.push({ type: 'put', key, value: record });
    group.streams.add(TableName);
  }

  async #flush(): Promise<void> {
    while (this.#filling.ops.length > 0) {
      const group = this.#filling;
      this.#inFlight = group;
      this.#filling = new Group();
      if (group.streams.size > 0) group.ops.push({ type: 'put', key: keyOf.sequence, value: this.#sequence });
      try {
        await this.#level.batch(group.ops);
        group.done.resolve();
        for (const table of group.streams) this.#streams.wake(table);
      } catch (error) {
        group.done.reject(error);
        this.#abandonFilling(error);
      }
      this.#inFlight = undefined;
    }
  }

  /** Whatever was judged by a state that never came to be must not be written. */
  #abandonFilling(error: unknown): void {
    if (this.#filling.ops.length > 0) this.#filling.done.reject(error);
    this.#filling = new Group();
  }
}
