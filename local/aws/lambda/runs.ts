import type { Caller } from './caller.ts';
import { timedOut } from './function-error.ts';

/** One call of a function. It holds no closure: one a run keeps so much alive that collecting it takes ten times as long. */
export interface Run {
  readonly caller: Caller;
  /** How long it may take. */
  readonly seconds: number;
  /** When its time is up, in ms since 1970; it counts from when it begins. */
  until: number;
  /** Ends it for who called. */
  reject: ((error: Error) => void) | undefined;
  /** Its place among the runs under way. */
  place: number;
}

/** So late a run is told at most that its time is up, in ms. */
const everyMs = 10;

/**
 * The runs under way. One timer looks after all of them, since one for each costs a twentieth of a small request. They
 * stand in a list and know their place: a set that changes with each request keeps old ones of its members in memory.
 */
export class Runs {
  readonly #all: Run[] = [];
  #timer: NodeJS.Timeout | undefined;
  #onIdle: () => void = () => undefined;

  add(run: Run): void {
    run.place = this.#all.push(run) - 1;
    this.#timer ??= setInterval(() => this.#look(), everyMs);
  }

  remove(run: Run): void {
    const last = this.#all.pop();
    if (last && last !== run) {
      this.#all[run.place] = last;
      last.place = run.place;
    }
    if (this.#all.length === 0) this.#onIdle();
  }

  /** Resolves when none is under way. */
  idle(): Promise<void> {
    if (this.#all.length === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onIdle = resolve;
    });
  }

  #look(): void {
    const now = Date.now();
    for (const run of this.#all) if (now >= run.until) kill(run);
    if (this.#all.length > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

/** Lambda kills what runs out of time: nothing it still asks for may leave. */
const kill = ({ caller, seconds, reject }: Run): void => {
  caller.killed = true;
  reject?.(timedOut(caller.requestId, seconds));
};
