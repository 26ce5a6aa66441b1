interface TtlCacheOptions<T> {
  /** Milliseconds for which a value is fresh, from the moment its read began. */
  ttlMs: number;
  /** Keys cached at once; the oldest key is evicted first. */
  maxKeys: number;
  /** Whether a fresh value may be used, for values that state their own expiry. */
  isValid?: (value: T) => boolean;
}

interface Read<T> {
  value: T;
  /** By `performance.now()`. */
  startedAt: number;
}

interface Entry<T> {
  cached?: Read<T>;
  pending?: Read<Promise<T>>;
}

/** Reads the value of a key; `cached` is the one held so far, however old. */
type Reader<T> = (cached: T | undefined) => Promise<T>;

/**
 * Caches one value per key. The key must name everything the value depends on, the tenant above all. Concurrent calls
 * share one read, a failed read is not cached, and a slow read never replaces a later one.
 */
export class TtlCache<T> {
  readonly #options: TtlCacheOptions<T>;
  readonly #entries = new Map<string, Entry<T>>();

  constructor(options: TtlCacheOptions<T>) {
    this.#options = options;
  }

  /** A fresh value: the cached one, or the result of a read. */
  async get(key: string, read: Reader<T>): Promise<T> {
    const { isValid = () => true } = this.#options;
    const { cached, pending } = this.#entryOf(key);
    if (cached && this.#isFresh(cached) && isValid(cached.value)) return cached.value;
    if (pending && this.#isFresh(pending)) return pending.value;
    return this.refresh(key, read);
  }

  /** Reads the value now, even if a fresh one is cached. */
  async refresh(key: string, read: Reader<T>): Promise<T> {
    const entry = this.#entryOf(key);
    const startedAt = performance.now();
    const pending = { value: read(entry.cached?.value), startedAt };
    entry.pending = pending;
    try {
      const value = await pending.value;
      if (!entry.cached || entry.cached.startedAt < startedAt) entry.cached = { value, startedAt };
      return value;
    } finally {
      if (entry.pending === pending) delete entry.pending;
    }
  }

  #isFresh({ startedAt }: { startedAt: number }): boolean {
    return performance.now() - startedAt < this.#options.ttlMs;
  }

  #entryOf(key: string): Entry<T> {
    const known = this.#entries.get(key);
    if (known) return known;
    const [oldest] = this.#entries.keys();
    if (this.#entries.size >= this.#options.maxKeys && oldest !== undefined) this.#entries.delete(oldest);
    const entry: Entry<T> = {};
    this.#entries.set(key, entry);
    return entry;
  }
}
