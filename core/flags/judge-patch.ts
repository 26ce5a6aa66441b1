import { AppError, type FieldError } from '#core/contract/api/errors.ts';
import { affectedFlags } from './affected-flags.ts';
import { definitionOf, entryOf, type FlagSet } from './flag-set.ts';
import { pointer } from './judge-rule.ts';
import type { PatchedSet } from './patch-flag-set.ts';
import { definitionFaults, evaluatorFaults, prerequisiteFaults } from './validate-flag-set.ts';

/** What a change is about, as the path of the request names it; an import is about the whole document. */
export interface Subject {
  type: 'flag' | 'evaluator' | 'flagset';
  name: string;
}

const placeOf = ({ type, name }: Subject) => {
  if (type === 'flagset') return '';
  return pointer([type === 'flag' ? 'flags' : '$evaluators', name]);
};

/**
 * Refuses a patched set that does not hold together: `invalid_request` for faults of what was sent, at their places in
 * it, and `in_use` where another flag or evaluator could not do without what would be taken away.
 */
export const assertHolds = (before: FlagSet, patched: PatchedSet, subject: Subject) => {
  const faults = faultsAfter(before, patched);
  if (faults.length === 0) return;
  const place = placeOf(subject);
  const own = faults.filter(({ path }) => path === place || path.startsWith(`${place}/`));
  if (own.length > 0) {
    throw new AppError('invalid_request', 'The definition does not hold together.', {
      errors: own.map(({ path, message }) => ({ path: path.slice(place.length), message })),
    });
  }
  const others = faults.map(({ path, message }) => `${path} ${message}`).join('; ');
  throw new AppError('in_use', `Other definitions depend on it: ${others}.`, { errors: faults });
};

/** Faults of what changed and of what refers to it, at their places in the flagd document. */
const faultsAfter = (before: FlagSet, { next, flags, evaluators }: PatchedSet): FieldError[] => {
  const names = evaluators.map(({ name }) => name);
  const keys = affectedFlags([before, next], { flags: flags.map(({ name }) => name), evaluators: names });
  const ofEvaluators = Object.entries(names.length > 0 ? next.evaluators : {}).flatMap(([name, { rule }]) =>
    under(['$evaluators', name], evaluatorFaults(rule, next.evaluators)),
  );
  const ofFlags = keys.flatMap((key) => {
    const flag = entryOf(next.flags, key);
    return flag ? under(['flags', key], definitionFaults(definitionOf(flag), next.evaluators)) : [];
  });
  return [...ofEvaluators, ...ofFlags, ...prerequisiteFaults(next)];
};

const under = (path: readonly string[], faults: readonly FieldError[]) =>
  faults.map((found) => ({ ...found, path: pointer(path) + found.path }));

/** Whether a second administrator must approve: a flag that demands it is changed, by itself or through its rule. */
export const needsApproval = (before: FlagSet, { next, flags, evaluators }: PatchedSet): string[] => {
  const named = affectedFlags([before, next], { flags: [], evaluators: evaluators.map(({ name }) => name) });
  const changed = new Set([...flags.map(({ name }) => name), ...named]);
  return [...changed].filter((key) => entryOf(before.flags, key)?.metadata?.['approval'] === 'required');
};
