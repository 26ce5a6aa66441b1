/** Chance that repeats itself: the same seed asks the same questions, so that a failure can be looked at again. */
export interface Random {
  /** A whole number from 0 to `below` − 1. */
  int: (below: number) => number;
  pick: <T>(from: readonly T[]) => T;
  /** True so often in a hundred. */
  chance: (percent: number) => boolean;
}

/** Mulberry32: 32 bits of state, far beyond the number of draws of any proof here. */
export const seeded = (seed: number): Random => {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (below: number) => Math.floor(next() * below);
  return {
    int,
    pick: <T>(from: readonly T[]) => {
      if (from.length === 0) throw new Error('There is nothing to pick from.');
      return from[int(from.length)] as T;
    },
    chance: (percent) => int(100) < percent,
  };
};

/** What a proof has found, as one JSON line. */
export const report = (proof: string, found: Record<string, unknown>) =>
  console.log(JSON.stringify({ proof, ...found }));
