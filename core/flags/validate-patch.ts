import { AppError, type FieldError } from '#core/contract/api/errors.ts';
import { affectedFlags } from './affected-flags.ts';
import { definitionOf, entryOf, type FlagSet } from './flag-set.ts';
import type { PatchedSet } from './patch-flag-set.ts';
import { pointer } from './rule-limits.ts';
import { definitionViolations, evaluatorViolations, prerequisiteViolations } from './validate-flag-set.ts';

/** The subject of a change, as the request's path names it; for an import, the whole document. */
export interface Subject {
  type: 'flag' | 'evaluator' | 'flagset';
  name: string;
}

const placeOf = ({ type, name }: Subject) => {
  if (type === 'flagset') return '';
  return pointer([type === 'flag' ? 'flags' : '$evaluators', name]);
};

/**
 * Validates a patched set. Throws `invalid_request` for violations in the request, by JSON Pointer, and `in_use` if
 * another flag or evaluator depends on what the patch removes.
 */
export const assertValid = (before: FlagSet, patched: PatchedSet, subject: Subject) => {
  const violations = violationsAfter(before, patched);
  if (violations.length === 0) return;
  const place = placeOf(subject);
  const own = violations.filter(({ path }) => path === place || path.startsWith(`${place}/`));
  if (own.length > 0) {
    throw new AppError('invalid_request', 'The definition is invalid.', {
      errors: own.map(({ path, message }) => ({ path: path.slice(place.length), message })),
    });
  }
  const others = violations.map(({ path, message }) => `${path} ${message}`).join('; ');
  throw new AppError('in_use', `Other definitions would become invalid: ${others}.`, { errors: violations });
};

/** Violations in the changed definitions and those that refer to them, by JSON Pointer into the flagd document. */
const violationsAfter = (before: FlagSet, { next, flags, evaluators }: PatchedSet): FieldError[] => {
  const names = evaluators.map(({ name }) => name);
  const keys = affectedFlags([before, next], { flags: flags.map(({ name }) => name), evaluators: names });
  const ofEvaluators = Object.entries(names.length > 0 ? next.evaluators : {}).flatMap(([name, { rule }]) =>
    under(['$evaluators', name], evaluatorViolations(rule, next.evaluators)),
  );
  const ofFlags = keys.flatMap((key) => {
    const flag = entryOf(next.flags, key);
    return flag ? under(['flags', key], definitionViolations(definitionOf(flag), next.evaluators)) : [];
  });
  return [...ofEvaluators, ...ofFlags, ...prerequisiteViolations(next)];
};

const under = (path: readonly string[], violations: readonly FieldError[]) =>
  violations.map((found) => ({ ...found, path: pointer(path) + found.path }));

/** The keys of changed flags that require approval, including those changed through a shared rule. */
export const needsApproval = (before: FlagSet, { next, flags, evaluators }: PatchedSet): string[] => {
  const named = affectedFlags([before, next], { flags: [], evaluators: evaluators.map(({ name }) => name) });
  const changed = new Set([...flags.map(({ name }) => name), ...named]);
  return [...changed].filter((key) => entryOf(before.flags, key)?.metadata?.['approval'] === 'required');
};
