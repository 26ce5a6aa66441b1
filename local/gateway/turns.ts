/** Requests of one caller that begin before the others have their turn. */
const atOnce = 2;

interface Line {
  begun: number;
  readonly waiting: (() => void)[];
}

/**
 * Lets requests of each caller begin in turns of the event loop, a few at a time: a hundred that one caller sends at
 * once would otherwise stand before whatever comes next of anybody else.
 */
export class Turns {
  readonly #lines = new Map<string, Line>();
  #isDue = false;

  /** Resolves when the caller's next request may begin: at once, if it sent no other in this turn. */
  async take(caller: string): Promise<void> {
    const line = this.#lines.get(caller) ?? { begun: 0, waiting: [] };
    this.#lines.set(caller, line);
    this.#arm();
    if (line.begun < atOnce) line.begun += 1;
    else await new Promise<void>((begin) => line.waiting.push(begin));
  }

  #arm(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => this.#next());
  }

  #next(): void {
    this.#isDue = false;
    for (const [caller, line] of this.#lines) {
      const begun = line.waiting.splice(0, atOnce);
      line.begun = begun.length;
      if (begun.length === 0) this.#lines.delete(caller);
      for (const begin of begun) begin();
    }
    if (this.#lines.size > 0) this.#arm();
  }
}
