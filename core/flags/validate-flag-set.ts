import { AppError, type FieldError } from '#core/contract/api/errors.ts';
import { type FlagDefinition, maxDefinitionBytes, type Rule } from '#core/contract/model/flags.ts';
import { entryOf, type FlagSet } from './flag-set.ts';
import { flagdFaults } from './flagd-schema.ts';
import { costFaults, formFaults, pointer } from './judge-rule.ts';
import { hasOneShare } from './percent.ts';
import { expandReferences } from './references.ts';

type Rules = Readonly<Record<string, { rule: Rule }>>;

/** Every fault of one definition, at its JSON Pointer within it. `evaluators` are those it may refer to. */
export const definitionFaults = (definition: FlagDefinition, evaluators: Rules): FieldError[] => {
  const form = formFaults(definition);
  if (form.length > 0) return form;
  if (new TextEncoder().encode(JSON.stringify(definition)).length > maxDefinitionBytes) {
    return [{ path: '', message: `must have at most ${maxDefinitionBytes} bytes as JSON` }];
  }
  const rules = [
    { rule: definition.targeting, path: ['targeting'] },
    ...(definition.schedule ?? []).map(({ targeting }, index) => ({
      rule: targeting,
      path: ['schedule', index, 'targeting'],
    })),
  ];
  const costs = rules.flatMap(({ rule, path }) => (rule ? expandedFaults(rule, path, evaluators) : []));
  if (costs.length > 0) return costs;
  const loose = [...defaultFaults(definition), ...percentFaults(definition)];
  if (loose.length > 0) return loose;
  const scheduled = rules.slice(1).flatMap(({ rule, path }) => (rule ? faultsInPlace(definition, rule, path) : []));
  return [...flagdFaults(definition), ...scheduled];
};

/** What flagd's schema finds in a rule of the schedule, as if it were in force. */
const faultsInPlace = (definition: FlagDefinition, rule: Rule, path: (string | number)[]) =>
  flagdFaults({ ...definition, targeting: rule }).map((found) => moved(found, path));

const moved = ({ path, message }: FieldError, to: (string | number)[]): FieldError => ({
  path: path.replace(/^\/targeting/, pointer(to)),
  message,
});

/** Every fault of an evaluator's rule: it is judged as the rule of a flag. */
export const evaluatorFaults = (rule: Rule, evaluators: Rules): FieldError[] => {
  const form = formFaults(rule);
  if (form.length > 0) return form;
  const costs = expandedFaults(rule, [], evaluators);
  if (costs.length > 0) return costs;
  return flagdFaults({ state: 'ENABLED', variants: { on: true }, targeting: rule }).map((found) => moved(found, []));
};

const defaultFaults = ({ variants, defaultVariant, schedule = [] }: FlagDefinition): FieldError[] => {
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
    .map(({ path }) => ({ path: pointer(path), message: 'must be one of the variants' }));
};

/** A percentage moves the share of the rule that is in force by then. */
const percentFaults = ({ targeting, schedule = [] }: FlagDefinition): FieldError[] => {
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

const expandedFaults = (rule: Rule, path: (string | number)[], evaluators: Rules): FieldError[] => {
  try {
    return costFaults(expandReferences(rule, evaluators), path);
  } catch (error) {
    if (error instanceof AppError) return [{ path: pointer(path), message: error.message }];
    throw error;
  }
};

/** Faults between flags: prerequisites that are not there, lack the variant, or lead back to the flag. */
export const prerequisiteFaults = (set: FlagSet): FieldError[] =>
  Object.entries(set.flags).flatMap(([key, flag]) =>
    (flag.prerequisites ?? []).flatMap((wanted, index) => {
      const path = pointer(['flags', key, 'prerequisites', index]);
      const needed = entryOf(set.flags, wanted.flag);
      if (!needed) return [{ path, message: `must name a flag; there is no "${wanted.flag}"` }];
      if (!Object.hasOwn(needed.variants, wanted.variant)) {
        return [{ path, message: `must name a variant of "${wanted.flag}"; there is no "${wanted.variant}"` }];
      }
      const way = wayTo(set, wanted.flag, key, new Set());
      return way ? [{ path, message: `must not lead back to the flag: ${[key, ...way].join(' → ')}` }] : [];
    }),
  );

/** The chain of prerequisites from one flag to another, if there is one. */
const wayTo = (set: FlagSet, from: string, to: string, seen: Set<string>): string[] | undefined => {
  if (from === to) return [from];
  if (seen.has(from)) return undefined;
  seen.add(from);
  for (const { flag } of entryOf(set.flags, from)?.prerequisites ?? []) {
    const way = wayTo(set, flag, to, seen);
    if (way) return [from, ...way];
  }
  return undefined;
};
