import type { Section, State } from './state.ts';

/** A call that is still to come; cancelling it twice or after it ran does nothing. */
export interface Timer {
  cancel(): void;
}

interface Due {
  time: number;
  run: () => void;
}

interface Jump {
  /** How far it goes. */
  ms: number;
  /** The time it ends at, in milliseconds since 1970. */
  to: number;
}

/** Node fires a longer timer at once. */
const longestTimeoutMs = 2_147_483_647;

/**
 * The time of the local run: flows as real time does, and jumps when advanced; the offset survives a restart.
 * What is due runs in the order of its times; a call given here must not wait for a later one.
 */
export class VirtualClock {
  readonly #section: Section<number>;
  readonly #queue: Due[] = [];
  #offsetMs: number;
  #timeout: NodeJS.Timeout | undefined;
  #jump: Jump | undefined;
  #advancing: Promise<void> = Promise.resolve();

  constructor(state: State) {
    this.#section = state.section<number>('clock');
    this.#offsetMs = this.#section.get('offset') ?? 0;
  }

  /** The jump under way, if any. */
  get jump(): Readonly<Jump> | undefined {
    return this.#jump;
  }

  /** Whole milliseconds since 1970, as `Date.now()`. */
  now(): number {
    return Math.floor(Date.now() + this.#offsetMs);
  }

  /** Runs `run` at `time` (milliseconds since 1970), or as soon as may be when that is past. */
  at(time: number, run: () => void): Timer {
    const due = { time, run };
    this.#queue.splice(this.#placeOf(time), 0, due);
    this.#arm();
    return {
      cancel: () => {
        const place = this.#queue.indexOf(due);
        if (place >= 0) this.#queue.splice(place, 1);
        this.#arm();
      },
    };
  }

  after(ms: number, run: () => void): Timer {
    return this.at(this.now() + ms, run);
  }

  /** Jumps ahead, running on the way everything that is due; resolves when the clock is there. */
  async advance(seconds: number): Promise<void> {
    if (!Number.isFinite(seconds) || seconds < 0) throw new RangeError('A clock advances by seconds ≥ 0.');
    const jump = this.#advancing.then(() => this.#jumpBy(seconds * 1000));
    this.#advancing = jump.catch(() => undefined);
    await jump;
  }

  close(): void {
    this.#queue.length = 0;
    clearTimeout(this.#timeout);
  }

  async #jumpBy(ms: number): Promise<void> {
    const offsetMs = this.#offsetMs + ms;
    await this.#section.put('offset', offsetMs);
    this.#jump = { ms, to: this.now() + ms };
    for (let due = this.#queue[0]; due && due.time <= Date.now() + offsetMs; due = this.#queue[0]) {
      this.#offsetMs = Math.max(this.#offsetMs, Math.min(due.time - Date.now(), offsetMs));
      this.#queue.shift();
      due.run();
      // What just ran may set its next timer before the clock moves on.
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#offsetMs = offsetMs;
    this.#jump = undefined;
    this.#arm();
  }

  #runDue(): void {
    for (let due = this.#queue[0]; due && due.time <= this.now(); due = this.#queue[0]) {
      this.#queue.shift();
      due.run();
    }
    this.#arm();
  }

  #arm(): void {
    clearTimeout(this.#timeout);
    const next = this.#queue[0];
    if (!next) return;
    const ms = Math.min(Math.max(next.time - this.now(), 0), longestTimeoutMs);
    this.#timeout = setTimeout(() => this.#runDue(), ms);
    this.#timeout.unref();
  }

  #placeOf(time: number): number {
    const later = this.#queue.findIndex((due) => due.time > time);
    return later < 0 ? this.#queue.length : later;
  }
}
