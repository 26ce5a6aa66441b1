/** How long the requests of one caller may go on beginning in one turn of the event loop, in ms: alone, and not. */
const aloneMs = 1;
const besideOthersMs = 0.2;

/** Who has come within so many ms counts as there. */
const presentMs = 1_000;

/** The requests of one caller. */
interface Line {
  /** The turn in which one was let begin last, and until when others may, by the clock. */
  turn: number;
  until: number;
  readonly waiting: (() => void)[];
}

/**
 * Lets requests of each caller begin in turns of the event loop, for a moment each: a hundred that one caller sends at
 * once would otherwise stand before whatever comes next of anybody else.
 */
export class Turns {
  readonly #clock: () => number;
  /** Never deleted from: a table that changes with each request keeps old ones of its entries from being collected. */
  readonly #lines = new Map<string, Line>();
  #crowded: Line[] = [];
  #turn = 0;
  #isOpen = false;
  #last: Line | undefined;
  /** Until when the last caller counts as one of several. */
  #sharedUntil = Number.NEGATIVE_INFINITY;

  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
  }

  /** When the caller's next request may begin; nothing where that is at once. */
  take(caller: string): Promise<void> | undefined {
    const line = this.#lineOf(caller);
    if (line.waiting.length === 0 && this.#mayBegin(line)) return undefined;
    if (line.waiting.length === 0) this.#crowded.push(line);
    return new Promise((begin) => line.waiting.push(begin));
  }

  #lineOf(caller: string): Line {
    const known = this.#lines.get(caller);
    if (known) return known;
    const line = { turn: -1, until: 0, waiting: [] };
    this.#lines.set(caller, line);
    return line;
  }

  #mayBegin(line: Line): boolean {
    const now = this.#clock();
    if (line !== this.#last && this.#last) this.#sharedUntil = now + presentMs;
    this.#last = line;
    if (line.turn === this.#turn) return now < line.until;
    line.turn = this.#turn;
    line.until = now + (now < this.#sharedUntil ? besideOthersMs : aloneMs);
    this.#open();
    return true;
  }

  #open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    setImmediate(() => this.#next());
  }

  #next(): void {
    this.#isOpen = false;
    this.#turn += 1;
    const crowded = this.#crowded;
    this.#crowded = [];
    for (const line of crowded) this.#begin(line);
  }

  /** Begins those of a line that wait, each when what the one before does at once is done, while there is time. */
  #begin(line: Line): void {
    if (!this.#mayBegin(line)) return void this.#crowded.push(line);
    line.waiting.shift()?.();
    // A tick comes after all microtasks, which is where a request goes on that has just begun.
    if (line.waiting.length > 0) queueMicrotask(() => process.nextTick(() => this.#begin(line)));
  }
}
