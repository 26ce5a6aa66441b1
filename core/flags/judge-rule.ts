import type { FieldError } from '#core/contract/api/errors.ts';

/** Levels of JSON in one definition; DynamoDB takes 32 with those around it. A rule that a person wrote has ten. */
const maxDepth = 28;
/** Values in one definition, lists counted by their elements: what 64 KB of JSON can hold of any use. */
const maxParts = 10_000;
/** Operators in one rule; 1,000 take some 25 ms to compile. */
const maxOperators = 500;
/** Within an iteration, which repeats its rule for each element of a list that the caller may have sent. */
const maxRepeated = 32;
const maxElements = 1_000;

const iterations = new Set(['map', 'filter', 'reduce', 'all', 'none', 'some']);
/** What could double its result with each element, or repeat a repetition. */
const growing = new Set([...iterations, 'merge', 'cat']);
/** Names through which a path or a key would reach what every object inherits. */
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

/** Faults of the form of any JSON of a definition: too deep, or with keys that reach into every object. No recursion. */
export const formFaults = (root: unknown, path: readonly (string | number)[] = []): FieldError[] => {
  const open: Place[] = [{ node: root, path: [...path] }];
  let parts = 0;
  for (let place = open.pop(); place; place = open.pop()) {
    parts += 1;
    // What is still to be looked at counts as well: a long list is told at once.
    if (parts + open.length > maxParts) return [fault(path, `must hold at most ${maxParts} values`)];
    const unfit = unfitness(place);
    if (unfit !== undefined) return [fault(place.path, unfit)];
    if (place.path.length > maxDepth) return [fault(path, `must be nested at most ${maxDepth} levels deep`)];
    open.push(...childrenOf(place));
  }
  return [];
};

/** What neither a table nor a hash keeps as it is, and names that reach into the language. */
const unfitness = ({ node, path }: Place): string | undefined => {
  const name = path.at(-1);
  if (name === '' || (typeof name === 'string' && !name.isWellFormed())) return 'must have a name of well-formed text';
  if (typeof name === 'string' && inherited.has(name)) return 'must not be a name that every object has';
  if (typeof node === 'string' && !node.isWellFormed()) return 'must be well-formed Unicode';
  if (typeof node !== 'number' || node === 0) return undefined;
  const isKept = Math.abs(node) <= Number.MAX_SAFE_INTEGER && Math.abs(node) >= 1e-130;
  return isKept ? undefined : 'must be within ±(2⁵³ − 1), and not nearer to zero than 1e-130';
};

/** What a rule may cost: each fault where it is. The rule is one that `formFaults` and flagd's schema let pass. */
export const costFaults = (rule: unknown, path: readonly (string | number)[]): FieldError[] => {
  const faults: FieldError[] = [];
  const root: Place = { node: rule, path: [...path] };
  const all = operatorsIn(root);
  if (all.length > maxOperators)
    faults.push(fault(path, `must hold at most ${maxOperators} operators, its evaluators counted`));
  for (const place of all) {
    const [operator = '', given] = Object.entries(place.node as object)[0] ?? [];
    if (operator === 'var' && reachesIn(given)) {
      faults.push(fault(place.path, 'must not name what every object has'));
    }
    if (iterations.has(operator)) faults.push(...iterationFaults(place, operator));
  }
  return faults;
};

/** The path of a `var`: a string, or a list of the path and a default. */
const reachesIn = (given: unknown) => {
  const [name]: unknown[] = Array.isArray(given) ? given : [given];
  return typeof name === 'string' && name.split('.').some((part) => inherited.has(part));
};

const iterationFaults = (place: Place, operator: string): FieldError[] => {
  const [operands] = childrenOf(place);
  const [list, ...repeated] = operands ? childrenOf(operands) : [];
  const faults: FieldError[] = [];
  if (Array.isArray(list?.node) && list.node.length > maxElements) {
    faults.push(fault(list.path, `must hold at most ${maxElements} elements`));
  }
  const inside = repeated.flatMap(operatorsIn);
  if (inside.length > maxRepeated) faults.push(fault(place.path, `must repeat at most ${maxRepeated} operators`));
  for (const { node, path } of inside) {
    const name = Object.keys(node as object)[0] ?? '';
    if (growing.has(name)) faults.push(fault([...path, name], `must not stand within "${operator}"`));
  }
  if (operator === 'reduce' && repeated.some(hasList)) {
    faults.push(fault(place.path, 'must not build lists within "reduce"'));
  }
  return faults;
};

/** Operators are objects; the list of an operator's operands is no value of its own. */
const operatorsIn = (root: Place): Place[] => {
  const found: Place[] = [];
  const open = [root];
  for (let place = open.pop(); place; place = open.pop()) {
    if (typeof place.node === 'object' && place.node !== null && !Array.isArray(place.node)) found.push(place);
    open.push(...childrenOf(place));
  }
  return found;
};

/** Whether a list with operators in it stands where a value does. */
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

const fault = (path: readonly (string | number)[], message: string): FieldError => ({ path: pointer(path), message });
