/**
 * What was read of late: whoever asks while it is young, or while it is being read, gets the same. It counts from the
 * moment at which the reading began, and an older reading never takes the place of a younger one.
 */
export class Recent<T> {
  readonly #read: (known: T | undefined) => Promise<T>;
  readonly #maxAgeMs: number;
  #held: { value: T; begunAt: number } | undefined;
  #reading: { value: Promise<T>; begunAt: number } | undefined;

  constructor(maxAgeMs: number, read: (known: T | undefined) => Promise<T>) {
    this.#maxAgeMs = maxAgeMs;
    this.#read = read;
  }

  /** What is held, however old. */
  get held(): T | undefined {
    return this.#held?.value;
  }

  /** What is held, if it is of `maxAgeMs` at most. Who finds it here need not wait, which costs more than to look. */
  get young(): T | undefined {
    return this.#held && this.#isYoung(this.#held) ? this.#held.value : undefined;
  }

  /** The value, of `maxAgeMs` at most. */
  async get(): Promise<T> {
    if (this.#held && this.#isYoung(this.#held)) return this.#held.value;
    if (this.#reading && this.#isYoung(this.#reading)) return this.#reading.value;
    return this.refresh();
  }

  #isYoung({ begunAt }: { begunAt: number }): boolean {
    return performance.now() - begunAt < this.#maxAgeMs;
  }

  /** The value as it is now: reads, whatever is held. */
  async refresh(): Promise<T> {
    const begunAt = performance.now();
    const reading = { value: this.#read(this.held), begunAt };
    this.#reading = reading;
    try {
      const value = await reading.value;
      if (!this.#held || this.#held.begunAt < begunAt) this.#held = { value, begunAt };
      return value;
    } finally {
      if (this.#reading === reading) this.#reading = undefined;
    }
  }
}

interface RecentByKeyOptions<T> {
  maxAgeMs: number;
  /** Keys held at once; the one that came first makes room. */
  most: number;
  /** Reads the value of a key; `known` is the one held, however old. */
  read: (key: string, known: T | undefined) => Promise<T>;
}

/** What was read of late of each key, which must name whatever the value depends on: the tenant above all. */
export class RecentByKey<T> {
  readonly #options: RecentByKeyOptions<T>;
  readonly #held = new Map<string, Recent<T>>();

  constructor(options: RecentByKeyOptions<T>) {
    this.#options = options;
  }

  /** What was read of late of this key. */
  of(key: string): Recent<T> {
    const held = this.#held.get(key);
    if (held) return held;
    const { maxAgeMs, most, read } = this.#options;
    const [first] = this.#held.keys();
    if (this.#held.size >= most && first !== undefined) this.#held.delete(first);
    const made = new Recent<T>(maxAgeMs, (known) => read(key, known));
    this.#held.set(key, made);
    return made;
  }
}
