interface Kept<T> {
  value: Promise<T>;
  until: number;
}

export interface BrieflyOptions {
  /** How long an answer is given again, in ms: what changed meanwhile is seen that much later. */
  ms: number;
  /** How many keys are kept; the oldest go first. */
  most: number;
}

/**
 * Gives the answer to a key again for a short while, and one answer to all who ask for it at the same time. A failure
 * is told to those who wait for it and then forgotten. The key must name whatever the answer depends on: the tenant above all.
 */
export const briefly = <T>({ ms, most }: BrieflyOptions, read: (key: string) => Promise<T>) => {
  const kept = new Map<string, Kept<T>>();
  return (key: string): Promise<T> => {
    const now = Date.now();
    const known = kept.get(key);
    if (known && now < known.until) return known.value;
    const entry = { value: read(key), until: now + ms };
    kept.delete(key);
    kept.set(key, entry);
    const [oldest] = kept.keys();
    if (kept.size > most && oldest !== undefined) kept.delete(oldest);
    entry.value.catch(() => kept.get(key) === entry && kept.delete(key));
    return entry.value;
  };
};
