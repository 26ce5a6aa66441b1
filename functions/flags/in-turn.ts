import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '#core/contract/api/errors.ts';

/** Ten writers of one set find their turn within a few tries; 40 are far beyond any number of administrators. */
const maxTries = 40;

/** Does work that rests on the flag set as it was read, and does it anew when another change was committed first. */
export const inTurn = async <T>(work: () => Promise<T | 'overtaken'>): Promise<T> => {
  for (let attempt = 0; attempt < maxTries; attempt += 1) {
    const result = await work();
    if (result !== 'overtaken') return result;
    await delay(Math.random() * Math.min(500, 20 * 2 ** attempt));
  }
  throw new AppError('dependency_unavailable', 'Too many others change the flag set at once.');
};

/** Commits, or tells that another change was committed first. */
export const orOvertaken = async <T>(commit: () => Promise<T>): Promise<T | 'overtaken'> => {
  try {
    return await commit();
  } catch (error) {
    if (error instanceof AppError && error.code === 'version_conflict') return 'overtaken';
    throw error;
  }
};
