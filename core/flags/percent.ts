import type { Rule } from '#core/contract/model/flags.ts';

const isFractional = (node: unknown): node is { fractional: unknown[] } =>
  typeof node === 'object' && node !== null && 'fractional' in node && Array.isArray(node.fractional);

/** Whether an operand of `fractional` is a bucket, and not the expression to bucket by. */
const isBucket = (part: unknown): part is [string, number] =>
  Array.isArray(part) && part.length === 2 && typeof part[0] === 'string' && typeof part[1] === 'number';

/** The `fractional` operators with exactly two buckets with plain weights. */
const splits = (node: unknown): { fractional: unknown[] }[] => {
  if (typeof node !== 'object' || node === null) return [];
  const own = isFractional(node) && node.fractional.filter(isBucket).length === 2 ? [node] : [];
  return [...own, ...Object.values(node).flatMap(splits)];
};

/** Whether the rule has exactly one share that a percentage can set. */
export const hasOneShare = (rule: Rule | undefined): boolean => splits(rule).length === 1;

/**
 * The rule with the first share of its only `fractional` set to `percent`. Members of a smaller share stay in a larger
 * one, since the first bucket only grows at its end.
 */
export const withPercent = (rule: Rule, percent: number): Rule => {
  const [split] = splits(rule);
  const replaced = (node: unknown): unknown => {
    if (typeof node !== 'object' || node === null) return node;
    if (node === split) {
      const shares = [percent, 100 - percent];
      return { fractional: split.fractional.map((part) => (isBucket(part) ? [part[0], shares.shift()] : part)) };
    }
    if (Array.isArray(node)) return node.map(replaced);
    return Object.fromEntries(Object.entries(node).map(([key, part]) => [key, replaced(part)]));
  };
  return replaced(rule) as Rule;
};
