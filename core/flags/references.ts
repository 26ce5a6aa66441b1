import { AppError } from '#core/contract/api/errors.ts';
import type { Rule } from '#core/contract/model/flags.ts';
import { entryOf } from './flag-set.ts';

/** Nodes of a rule after every `$ref` is resolved; far above any readable rule. */
const maxRuleNodes = 5_000;
const maxRuleDepth = 100;

/** The evaluator that a node refers to, if it is a reference. */
const referenceOf = (node: unknown): string | undefined =>
  typeof node === 'object' && node !== null && !Array.isArray(node) && '$ref' in node && typeof node.$ref === 'string'
    ? node.$ref
    : undefined;

/** Names of the evaluators that a rule refers to directly. */
export const referencesIn = (node: unknown): string[] => {
  const name = referenceOf(node);
  if (name !== undefined) return [name];
  return typeof node === 'object' && node !== null ? Object.values(node).flatMap(referencesIn) : [];
};

/**
 * Replaces every `$ref` of a rule by its evaluator, as flagd does before compiling. Throws `invalid_request` for unknown
 * and circular references, and for rules that grow beyond the limits.
 */
export const expandReferences = (rule: Rule, evaluators: Readonly<Record<string, { rule: Rule }>>): Rule => {
  let nodes = 0;
  const expand = (node: unknown, path: readonly string[], depth: number): unknown => {
    nodes += 1;
    if (depth > maxRuleDepth)
      throw refused(`must be nested at most ${maxRuleDepth} levels deep, including its evaluators`);
    if (nodes > maxRuleNodes) throw refused(`must have at most ${maxRuleNodes} nodes, including its evaluators`);
    if (typeof node !== 'object' || node === null) return node;
    const name = referenceOf(node);
    if (name !== undefined) {
      if (path.includes(name)) throw refused(`must not contain circular references: ${[...path, name].join(' → ')}`);
      const evaluator = entryOf(evaluators, name);
      if (!evaluator) throw refused(`refers to an unknown evaluator: "${name}"`);
      return expand(evaluator.rule, [...path, name], depth);
    }
    if (Array.isArray(node)) return node.map((part) => expand(part, path, depth + 1));
    return Object.fromEntries(Object.entries(node).map(([key, part]) => [key, expand(part, path, depth + 1)]));
  };
  return expand(rule, [], 0) as Rule;
};

const refused = (message: string) => new AppError('invalid_request', message);
