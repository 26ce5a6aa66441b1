import { AppError, type FieldError } from '#core/contract/api/errors.ts';
import { type FlagDefinition, maxDefinitionBytes, type Rule } from '#core/contract/model/flags.ts';
import { entryOf, type FlagSet } from './flag-set.ts';
import { flagdViolations } from './flagd-schema.ts';
import { hasOneShare } from './percent.ts';
import { expandReferences } from './references.ts';
import { costViolations, formViolations, pointer } from './rule-limits.ts';

type Rules = Readonly<Record<string, { rule: Rule }>>;

/** Violations in one definition, by JSON Pointer. `evaluators` are those it may refer to. */
export const definitionViolations = (definition: FlagDefinition, evaluators: Rules): FieldError[] => {
  const form = formViolations(definition);
  if (form.length > 0) return form;
  if (new TextEncoder().encode(JSON.stringify(definition)).length > maxDefinitionBytes) {
    return [{ path: '', message: `must be at most ${maxDefinitionBytes} bytes as JSON` }];
  }
  const rules = [
    { rule: definition.targeting, path: ['targeting'] },
    ...(definition.schedule ?? []).map(({ targeting }, index) => ({
      rule: targeting,
      path: ['schedule', index, 'targeting'],
    })),
  ];
  const costs = rules.flatMap(({ rule, path }) => (rule ? expandedViolations(rule, path, evaluators) : []));
  if (costs.length > 0) return costs;
  const loose = [...defaultViolations(definition), ...percentViolations(definition)];
  if (loose.length > 0) return loose;
  const scheduled = rules.slice(1).flatMap(({ rule, path }) => (rule ? violationsInPlace(definition, rule, path) : []));
  return [...flagdViolations(definition), ...scheduled];
};

/** Violations that flagd's schema finds in a scheduled rule. */
const violationsInPlace = (definition: FlagDefinition, rule: Rule, path: (string | number)[]) =>
  flagdViolations({ ...definition, targeting: rule }).map((found) => moved(found, path));

const moved = ({ path, message }: FieldError, to: (string | number)[]): FieldError => ({
  path: path.replace(/^\/targeting/, pointer(to)),
  message,
});

/** Violations in an evaluator's rule, validated as the rule of a flag. */
export const evaluatorViolations = (rule: Rule, evaluators: Rules): FieldError[] => {
  const form = formViolations(rule);
  if (form.length > 0) return form;
  const costs = expandedViolations(rule, [], evaluators);
  if (costs.length > 0) return costs;
  return flagdViolations({ state: 'ENABLED', variants: { on: true }, targeting: rule }).map((found) =>
    moved(found, []),
  );
};

const defaultViolations = ({ variants, defaultVariant, schedule = [] }: FlagDefinition): FieldError[] => {
  const named = [
    { path: ['defaultVariant'], variant: defaultVariant },
    ...schedule.map((change, index) => ({
      path: ['schedule', index, 'defaultVariant'],
      variant: change.defaultVariant,
    })),
  ];
  const isUnknown = (variant: string | null | undefined) =>
    typeof variant === 'string' && !Object.hasOwn(variants, variant);
  return named
    .filter(({ variant }) => isUnknown(variant))
    .map(({ path }) => ({
      path: pointer(path),
      message: `must be one of the variants (${Object.keys(variants).join(', ')})`,
    }));
};

/** A percentage applies to the rule that is in force at its time. */
const percentViolations = ({ targeting, schedule = [] }: FlagDefinition): FieldError[] => {
  let inForce = targeting;
  const inOrder = schedule
    .map((change, index) => ({ ...change, index }))
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return inOrder.flatMap((change) => {
    inForce = change.targeting ?? inForce;
    if (change.percent === undefined || hasOneShare(inForce)) return [];
    const message = 'needs a rule with one "fractional" of two variants with plain weights';
    return [{ path: pointer(['schedule', change.index, 'percent']), message }];
  });
};

const expandedViolations = (rule: Rule, path: (string | number)[], evaluators: Rules): FieldError[] => {
  try {
    return costViolations(expandReferences(rule, evaluators), path);
  } catch (error) {
    if (error instanceof AppError) return [{ path: pointer(path), message: error.message }];
    throw error;
  }
};

/** Violations between flags: prerequisites that do not exist, lack the variant, or are circular. */
export const prerequisiteViolations = (set: FlagSet): FieldError[] =>
  Object.entries(set.flags).flatMap(([key, flag]) =>
    (flag.prerequisites ?? []).flatMap((wanted, index) => {
      const path = pointer(['flags', key, 'prerequisites', index]);
      const needed = entryOf(set.flags, wanted.flag);
      if (!needed) return [{ path, message: `must name a flag; there is no "${wanted.flag}"` }];
      if (!Object.hasOwn(needed.variants, wanted.variant)) {
        return [{ path, message: `must name a variant of "${wanted.flag}"; there is no "${wanted.variant}"` }];
      }
      const chain = chainTo(set, wanted.flag, key, new Set());
      return chain ? [{ path, message: `must not be circular: ${[key, ...chain].join(' → ')}` }] : [];
    }),
  );

/** The chain of prerequisites from one flag to another, if there is one. */
const chainTo = (set: FlagSet, from: string, to: string, seen: Set<string>): string[] | undefined => {
  if (from === to) return [from];
  if (seen.has(from)) return undefined;
  seen.add(from);
  for (const { flag } of entryOf(set.flags, from)?.prerequisites ?? []) {
    const chain = chainTo(set, flag, to, seen);
    if (chain) return [from, ...chain];
  }
  return undefined;
};
