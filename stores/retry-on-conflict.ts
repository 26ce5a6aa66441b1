import { setTimeout as delay } from 'node:timers/promises';

interface RetryOptions {
  /** Whether another writer was first, so that a further attempt may succeed. */
  isConflict: (error: unknown) => boolean;
  /** 64 writers of one item need two or three attempts; 40 are far beyond any load. */
  attempts?: number;
  /** The longest pause between attempts, in milliseconds. */
  maxPauseMs?: number;
}

const firstPauseMs = 20;

/**
 * Runs `work` again while it fails with a conflict, after a random pause whose limit doubles with each attempt, so that
 * the losers do not collide again. Throws any other error, and the conflict of the last attempt.
 */
export const retryOnConflict = async <T>(
  { isConflict, attempts = 40, maxPauseMs = 1_000 }: RetryOptions,
  work: (attempt: number) => Promise<T>,
): Promise<T> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(attempt);
    } catch (error) {
      if (attempt >= attempts || !isConflict(error)) throw error;
      await delay(Math.random() * Math.min(maxPauseMs, firstPauseMs * 2 ** (attempt - 1)));
    }
  }
};
