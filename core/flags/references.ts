import { AppError } from '#core/contract/errors.ts';
import type { Rule } from '#core/contract/flags.ts';
import { entryOf } from './flag-set.ts';

/** A rule's parts after every `$ref` is replaced; far above any rule that a person can follow. */
export const maxRuleNodes = 5_000;

/** The evaluator a node stands for, if it is a reference. */
export const referenceOf = (node: unknown): string | undefined =>
  typeof node === 'object' && node !== null && !Array.isArray(node) && '$ref' in node && typeof node.$ref === 'string'
    ? node.$ref
    : undefined;

/** Names of the evaluators that a rule refers to by itself. */
export const referencesIn = (node: unknown): string[] => {
  const name = referenceOf(node);
  if (name !== undefined) return [name];
  return typeof node === 'object' && node !== null ? Object.values(node).flatMap(referencesIn) : [];
};

/**
 * The rule with every `$ref` replaced by its evaluator, as flagd does before it compiles. Throws `invalid_request` for
 * a reference to nothing, one that leads back to itself, and one that grows the rule beyond its bounds.
 */
export const expandReferences = (rule: Rule, evaluators: Readonly<Record<string, { rule: Rule }>>): Rule => {
  let nodes = 0;
  const expand = (node: unknown, path: readonly string[]): unknown => {
    nodes += 1;
    if (nodes > maxRuleNodes) throw refused(`must have at most ${maxRuleNodes} parts, its evaluators counted`);
    if (typeof node !== 'object' || node === null) return node;
    const name = referenceOf(node);
    if (name !== undefined) {
      if (path.includes(name)) throw refused(`must not refer in a circle: ${[...path, name].join(' → ')}`);
      const evaluator = entryOf(evaluators, name);
      if (!evaluator) throw refused(`refers to an evaluator that is not there: "${name}"`);
      return expand(evaluator.rule, [...path, name]);
    }
    if (Array.isArray(node)) return node.map((part) => expand(part, path));
    return Object.fromEntries(Object.entries(node).map(([key, part]) => [key, expand(part, path)]));
  };
  return expand(rule, []) as Rule;
};

const refused = (message: string) => new AppError('invalid_request', message);
