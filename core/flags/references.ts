import { AppError } from '#core/contract/api/errors.ts';
import type { Rule } from '#core/contract/model/flags.ts';
import { entryOf } from './flag-set.ts';

/** A rule's parts after every `$ref` is replaced; far above any rule that a person can follow. */
const maxRuleNodes = 5_000;
const maxRuleDepth = 100;

/** The evaluator a node stands for, if it is a reference. */
const referenceOf = (node: unknown): string | undefined =>
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
  const expand = (node: unknown, path: readonly string[], depth: number): unknown => {
    nodes += 1;
    if (depth > maxRuleDepth)
      throw refused(`must be nested at most ${maxRuleDepth} levels deep, its evaluators counted`);
    if (nodes > maxRuleNodes) throw refused(`must have at most ${maxRuleNodes} parts, its evaluators counted`);
    if (typeof node !== 'object' || node === null) return node;
    const name = referenceOf(node);
    if (name !== undefined) {
      if (path.includes(name)) throw refused(`must not refer in a circle: ${[...path, name].join(' → ')}`);
      const evaluator = entryOf(evaluators, name);
      if (!evaluator) throw refused(`refers to an evaluator that is not there: "${name}"`);
      return expand(evaluator.rule, [...path, name], depth);
    }
    if (Array.isArray(node)) return node.map((part) => expand(part, path, depth + 1));
    return Object.fromEntries(Object.entries(node).map(([key, part]) => [key, expand(part, path, depth + 1)]));
  };
  return expand(rule, [], 0) as Rule;
};

const refused = (message: string) => new AppError('invalid_request', message);
