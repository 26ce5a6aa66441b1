import type { FieldError } from '#core/contract/api/errors.ts';

/** Levels of JSON in one definition; DynamoDB allows 32, including those around it. Hand-written rules have about ten. */
const maxDepth = 28;
/** Values in one definition, counting list elements: more than useful definitions of 64 KB contain. */
const maxValues = 10_000;
/** Operators in one rule; 1,000 take about 25 ms to compile. */
const maxOperators = 500;
/** Operators within an iteration, which runs for each element of a list that the caller may have sent. */
const maxRepeated = 32;
const maxElements = 1_000;

const iterations = new Set(['map', 'filter', 'reduce', 'all', 'none', 'some']);
/** Operators that could double their result with each element, or nest iterations. */
const growing = new Set([...iterations, 'merge', 'cat']);
/** Names by which a path or a key would reach inherited properties. */
const inherited = new Set(['__proto__', 'constructor', 'prototype']);

export const pointer = (path: readonly (string | number)[]) =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

interface Place {
  node: unknown;
  path: (string | number)[];
}

const childrenOf = ({ node, path }: Place): Place[] =>
  typeof node === 'object' && node !== null
    ? Object.entries(node).map(([key, part]) => ({
        node: part,
        path: [...path, Array.isArray(node) ? Number(key) : key],
      }))
    : [];

/** Violations in the form of any JSON: too deep, too large, or with forbidden keys. Not recursive, to bound the stack. */
export const formViolations = (root: unknown, path: readonly (string | number)[] = []): FieldError[] => {
  const open: Place[] = [{ node: root, path: [...path] }];
  let values = 0;
  for (let place = open.pop(); place; place = open.pop()) {
    values += 1;
    // Pending values count, too, so that a long list is rejected early.
    if (values + open.length > maxValues) return [violation(path, `must contain at most ${maxValues} values`)];
    const problem = problemOf(place);
    if (problem !== undefined) return [violation(place.path, problem)];
    if (place.path.length > maxDepth) return [violation(path, `must be nested at most ${maxDepth} levels deep`)];
    open.push(...childrenOf(place));
  }
  return [];
};

/** Values that storage or hashing would alter, and forbidden names. */
const problemOf = ({ node, path }: Place): string | undefined => {
  const name = path.at(-1);
  if (name === '' || (typeof name === 'string' && !name.isWellFormed()))
    return 'must have a non-empty name of well-formed Unicode';
  if (typeof name === 'string' && inherited.has(name)) return 'must not be the name of a built-in object property';
  if (typeof node === 'string' && !node.isWellFormed()) return 'must be well-formed Unicode';
  if (typeof node !== 'number' || node === 0) return undefined;
  const isExact = Math.abs(node) <= Number.MAX_SAFE_INTEGER && Math.abs(node) >= 1e-130;
  return isExact ? undefined : 'must be within ±(2⁵³ − 1), and not nearer to zero than 1e-130';
};

/** Violations of a rule's cost limits, by JSON Pointer. The rule must be valid by `formViolations` and flagd's schema. */
export const costViolations = (rule: unknown, path: readonly (string | number)[]): FieldError[] => {
  const violations: FieldError[] = [];
  const root: Place = { node: rule, path: [...path] };
  const all = operatorsIn(root);
  if (all.length > maxOperators)
    violations.push(violation(path, `must contain at most ${maxOperators} operators, including its evaluators`));
  for (const place of all) {
    const [operator = '', operand] = Object.entries(place.node as object)[0] ?? [];
    if (operator === 'var' && readsInherited(operand)) {
      violations.push(violation(place.path, 'must not refer to a built-in object property'));
    }
    if (iterations.has(operator)) violations.push(...iterationViolations(place, operator));
  }
  return violations;
};

/** Whether a `var` reads an inherited property. Its operand is a path, or a list of a path and a default. */
const readsInherited = (operand: unknown) => {
  const [name]: unknown[] = Array.isArray(operand) ? operand : [operand];
  return typeof name === 'string' && name.split('.').some((part) => inherited.has(part));
};

const iterationViolations = (place: Place, operator: string): FieldError[] => {
  const [operands] = childrenOf(place);
  const [list, ...repeated] = operands ? childrenOf(operands) : [];
  const violations: FieldError[] = [];
  if (Array.isArray(list?.node) && list.node.length > maxElements) {
    violations.push(violation(list.path, `must contain at most ${maxElements} elements`));
  }
  const inside = repeated.flatMap(operatorsIn);
  if (inside.length > maxRepeated)
    violations.push(violation(place.path, `must iterate over at most ${maxRepeated} operators`));
  for (const { node, path } of inside) {
    const name = Object.keys(node as object)[0] ?? '';
    if (growing.has(name)) violations.push(violation([...path, name], `must not be used within "${operator}"`));
  }
  if (operator === 'reduce' && repeated.some(hasList)) {
    violations.push(violation(place.path, 'must not build lists within "reduce"'));
  }
  return violations;
};

/** All operators, which are the objects, within a rule. */
const operatorsIn = (root: Place): Place[] => {
  const found: Place[] = [];
  const open = [root];
  for (let place = open.pop(); place; place = open.pop()) {
    if (typeof place.node === 'object' && place.node !== null && !Array.isArray(place.node)) found.push(place);
    open.push(...childrenOf(place));
  }
  return found;
};

/** Whether a list that contains operators is used as a value. */
const hasList = (root: Place): boolean => {
  const open: { place: Place; isOperands: boolean }[] = [{ place: root, isOperands: false }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { place, isOperands } = next;
    if (Array.isArray(place.node) && !isOperands && operatorsIn(place).length > 0) return true;
    const isOperator = !Array.isArray(place.node);
    open.push(...childrenOf(place).map((child) => ({ place: child, isOperands: isOperator })));
  }
  return false;
};

const violation = (path: readonly (string | number)[], message: string): FieldError => ({
  path: pointer(path),
  message,
});
