import type { FlagDefinition, ScheduledChange } from '#core/contract/model/flags.ts';
import { definitionOf, type FlagSet } from './flag-set.ts';
import { withPercent } from './percent.ts';

const timeOf = ({ at }: ScheduledChange) => Date.parse(at);

/** Applies the first due change and removes it from the schedule; `undefined` if none is due. */
export const dueDefinition = (flag: FlagDefinition, now: string): FlagDefinition | undefined => {
  const [due, ...later] = (flag.schedule ?? []).toSorted((a, b) => timeOf(a) - timeOf(b));
  if (!due || timeOf(due) > Date.parse(now)) return undefined;
  const { at: _at, percent, ...sets } = due;
  const changes: Partial<FlagDefinition> = Object.fromEntries(
    Object.entries(sets).filter(([, value]) => value !== undefined),
  );
  const { schedule: _schedule, ...rest } = flag;
  return {
    ...rest,
    ...changes,
    ...(percent !== undefined && flag.targeting && { targeting: withPercent(flag.targeting, percent) }),
    ...(later.length > 0 && { schedule: later }),
  };
};

/** Keys of the flags that have a due change. */
export const dueFlags = (set: FlagSet, now: string): string[] =>
  Object.entries(set.flags)
    .filter(([, flag]) => dueDefinition(definitionOf(flag), now) !== undefined)
    .map(([key]) => key);
