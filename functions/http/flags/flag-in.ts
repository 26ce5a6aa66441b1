import { AppError } from '#core/contract/api/errors.ts';
import { entryOf, type FlagRecord, type FlagSet } from '#core/flags/flag-set.ts';

/** The flag of a key; `not_found` if the set has none. */
export const flagIn = (set: FlagSet, key: string): FlagRecord => {
  const flag = entryOf(set.flags, key);
  if (!flag) throw new AppError('not_found', `There is no flag "${key}".`);
  return flag;
};
