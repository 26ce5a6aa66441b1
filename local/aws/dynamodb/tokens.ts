import { hash } from 'node:crypto';
import { dynamoDbError } from './errors.ts';
import { keyOf, type Level, type Op, within } from './level.ts';
import type { Json, TokenUse } from './model.ts';

/** DynamoDB forgets a client request token ten minutes after its transaction. */
const LIFETIME_MS = 10 * 60_000;

/** Makes a repeated transaction, known by its client request token, happen once, also across a restart. */
export class Tokens {
  readonly #now: () => number;
  readonly #done: Map<string, TokenUse>;
  readonly #running = new Map<string, { digest: string; answer: Promise<Json> }>();

  private constructor(now: () => number, done: Map<string, TokenUse>) {
    this.#now = now;
    this.#done = done;
  }

  static async open(level: Level<TokenUse>, now: () => number): Promise<Tokens> {
    const stored = await level.iterator(within(keyOf.tokens)).all();
    const byAge = stored.toSorted(([, one], [, other]) => one.time - other.time);
    return new Tokens(now, new Map(byAge.map(([key, use]) => [key.slice(keyOf.tokens.length), use])));
  }

  /** Runs `write`, which commits the given ops together with its own, unless the same request was run under the token. */
  async once(token: string, request: unknown, write: (ops: () => Op[]) => Promise<Json>): Promise<Json> {
    const digest = hash('sha256', JSON.stringify(request) ?? '', 'base64');
    const done = this.#done.get(token);
    const earlier = this.#running.get(token) ?? (done && done.time > this.#now() - LIFETIME_MS ? done : undefined);
    if (earlier && earlier.digest !== digest) throw mismatch();
    if (earlier) return 'answer' in earlier ? earlier.answer : {};
    const answer = write(() => this.ops(token, digest));
    this.#running.set(token, { digest, answer });
    try {
      return await answer;
    } catch (error) {
      this.#done.delete(token);
      throw error;
    } finally {
      this.#running.delete(token);
    }
  }

  /** Remembers the token, and forgets those whose time is over. */
  ops(token: string, digest: string): Op[] {
    const use = { digest, time: this.#now() };
    const ops: Op[] = [];
    for (const [old, { time }] of this.#done) {
      if (time > use.time - LIFETIME_MS) break;
      this.#done.delete(old);
      ops.push({ type: 'del', key: keyOf.tokens + old });
    }
    this.#done.set(token, use);
    return [...ops, { type: 'put', key: keyOf.tokens + token, value: use }];
  }
}

function mismatch() {
  const message = 'Request parameters do not match those of the earlier request with the same client request token';
  return dynamoDbError('IdempotentParameterMismatchException', message);
}
