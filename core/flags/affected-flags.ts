import type { FlagSet } from './flag-set.ts';
import { referencesIn } from './references.ts';

/** The evaluators affected when `names` change: `names` themselves and those that refer to them. */
const affectedEvaluators = (sets: readonly FlagSet[], names: readonly string[]): ReadonlySet<string> => {
  const affected = new Set(names);
  const rules = sets.flatMap(({ evaluators }) => Object.entries(evaluators));
  for (let size = -1; size !== affected.size; ) {
    size = affected.size;
    for (const [name, { rule }] of rules) if (refersTo(rule, affected)) affected.add(name);
  }
  return affected;
};

const refersTo = (rule: unknown, names: ReadonlySet<string>) =>
  names.size > 0 && rule !== undefined && referencesIn(rule).some((name) => names.has(name));

/**
 * The flags whose values may change when these flags and evaluators change: the flags themselves, those whose rules
 * refer to the evaluators, and those that have any of them as a prerequisite. `sets` are the set before and after.
 */
export const affectedFlags = (
  sets: readonly FlagSet[],
  changed: { flags: readonly string[]; evaluators: readonly string[] },
): string[] => {
  const evaluators = affectedEvaluators(sets, changed.evaluators);
  const affected = new Set(changed.flags);
  const flags = sets.flatMap((set) => Object.entries(set.flags));
  for (const [key, { targeting, schedule = [] }] of flags) {
    const rules = [targeting, ...schedule.map((change) => change.targeting)];
    if (rules.some((rule) => refersTo(rule, evaluators))) affected.add(key);
  }
  for (let size = -1; size !== affected.size; ) {
    size = affected.size;
    for (const [key, { prerequisites = [] }] of flags) {
      if (prerequisites.some(({ flag }) => affected.has(flag))) affected.add(key);
    }
  }
  return [...affected].toSorted();
};

/** The flags with all their prerequisites, direct and indirect. */
export const withPrerequisites = (sets: readonly FlagSet[], keys: readonly string[]): string[] => {
  const needed = new Set(keys);
  const flags = sets.flatMap((set) => Object.entries(set.flags));
  for (let size = -1; size !== needed.size; ) {
    size = needed.size;
    for (const [key, { prerequisites = [] }] of flags) {
      if (needed.has(key)) for (const { flag } of prerequisites) needed.add(flag);
    }
  }
  return [...needed];
};
