/** Says whether an event is one that a pattern asks for. */
export type Matches = (event: unknown) => boolean;

/** Judges one scalar of an event. */
type Test = (value: unknown) => boolean;

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

const fault = (message: string) => new Error(`Event pattern is not valid. Reason: ${message}`);

const textOf = (operator: string, value: unknown): string => {
  if (typeof value === 'string') return value;
  throw fault(`${operator} takes a text`);
};

const onText =
  (test: (text: string) => boolean): Test =>
  (value) =>
    typeof value === 'string' && test(value);

/** A prefix or suffix is a text, or `{"equals-ignore-case": text}`. */
const affix = (operator: 'prefix' | 'suffix', operand: unknown): Test => {
  const ignoresCase = isFields(operand) && Object.keys(operand).join() === 'equals-ignore-case';
  const wanted = textOf(operator, ignoresCase ? operand['equals-ignore-case'] : operand);
  const holds = (text: string, end: string) => (operator === 'prefix' ? text.startsWith(end) : text.endsWith(end));
  return onText((text) => (ignoresCase ? holds(text.toLowerCase(), wanted.toLowerCase()) : holds(text, wanted)));
};

/** `*` stands for any text, `\*` for itself. */
const wildcard = (operand: unknown): Test => {
  const source = textOf('wildcard', operand).replace(/\\([*\\])|\*|[.+?^${}()|[\]\\]/g, (found, escaped?: string) => {
    if (escaped) return `\\${escaped}`;
    return found === '*' ? '.*' : `\\${found}`;
  });
  const form = new RegExp(`^${source}$`, 's');
  return onText((text) => form.test(text));
};

const comparisons: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** Pairs of a comparison and its bound: `['>', 0, '<=', 5]`. */
const numeric = (operand: unknown): Test => {
  const parts = listOf(operand);
  if (parts.length === 0 || parts.length % 2 !== 0) throw fault('numeric takes pairs of a comparison and a number');
  const checks = Array.from({ length: parts.length / 2 }, (_, pair) => {
    const [sign, bound] = [parts[pair * 2], parts[pair * 2 + 1]];
    const compare = typeof sign === 'string' ? comparisons[sign] : undefined;
    if (!compare || typeof bound !== 'number') throw fault(`unknown comparison ${String(sign)} ${String(bound)}`);
    return (value: number) => compare(value, bound);
  });
  return (value) => typeof value === 'number' && checks.every((check) => check(value));
};

const operators: Readonly<Record<string, (operand: unknown) => Test>> = {
  prefix: (operand) => affix('prefix', operand),
  suffix: (operand) => affix('suffix', operand),
  'equals-ignore-case': (operand) => {
    const wanted = textOf('equals-ignore-case', operand).toLowerCase();
    return onText((text) => text.toLowerCase() === wanted);
  },
  wildcard,
  numeric,
  'anything-but': (operand) => {
    const refused = isFields(operand) ? refusedBy(operand) : listOf(operand).map(literal);
    return (value) => !refused.some((test) => test(value));
  },
};

const operatorOf = (fields: Fields): [name: string, operand: unknown, make: (operand: unknown) => Test] => {
  const [entry, ...others] = Object.entries(fields);
  const make = entry && Object.hasOwn(operators, entry[0]) ? operators[entry[0]] : undefined;
  if (!entry || !make || others.length > 0) throw fault(`unknown operator ${Object.keys(fields).join(', ')}`);
  return [...entry, make];
};

/** Inside `anything-but` an operator on texts may name several. */
const refusedBy = (fields: Fields): Test[] => {
  const [name, operand, make] = operatorOf(fields);
  if (name === 'numeric' || name === 'anything-but') throw fault(`anything-but does not take ${name}`);
  return listOf(operand).map((text) => make(text));
};

const literal = (wanted: unknown): Test => {
  if (wanted !== null && !['string', 'number', 'boolean'].includes(typeof wanted))
    throw fault('a list holds texts, numbers, true, false, null and operators');
  return (value) => value === wanted;
};

const exists = (rule: Fields): boolean | undefined => {
  if (!Object.hasOwn(rule, 'exists')) return undefined;
  const wanted = rule['exists'];
  if (typeof wanted !== 'boolean' || Object.keys(rule).length !== 1) throw fault('exists takes true or false');
  return wanted;
};

/** A list of alternatives for one field; a field that holds a list matches by any of its values. */
const field = (alternatives: readonly unknown[]): ((values: readonly unknown[]) => boolean) => {
  if (alternatives.length === 0) throw fault('an empty list matches nothing');
  const checks = alternatives.map((alternative) => {
    if (!isFields(alternative)) {
      const test = literal(alternative);
      return (values: readonly unknown[]) => values.some(test);
    }
    const wanted = exists(alternative);
    if (wanted !== undefined) return (values: readonly unknown[]) => values.length > 0 === wanted;
    const [, operand, make] = operatorOf(alternative);
    const test = make(operand);
    return (values: readonly unknown[]) => values.some(test);
  });
  return (values) => checks.some((check) => check(values));
};

/** What a node of the event holds under a name: the values of a list each for itself. */
const under = (node: unknown, name: string): unknown[] =>
  listOf(node).flatMap((part) => (isFields(part) && Object.hasOwn(part, name) ? listOf(part[name]) : []));

const compileEntry = (name: string, wanted: unknown): Matches => {
  if (name === '$or') {
    const branches = listOf(wanted).map(compilePattern);
    if (branches.length < 2) throw fault('$or takes two alternatives or more');
    return (node) => branches.some((branch) => branch(node));
  }
  if (Array.isArray(wanted)) {
    const check = field(wanted);
    return (node) => check(under(node, name).filter((value) => !isFields(value)));
  }
  if (!isFields(wanted)) throw fault(`"${name}" must be an object or an array`);
  const inner = compilePattern(wanted);
  return (node) => {
    const nodes = under(node, name);
    return nodes.length === 0 ? inner(undefined) : nodes.some(inner);
  };
};

/** Makes a test of an EventBridge pattern; throws for an operator that it does not know. */
export const compilePattern = (pattern: unknown): Matches => {
  if (!isFields(pattern) || Object.keys(pattern).length === 0) throw fault('it must be an object with fields');
  const checks = Object.entries(pattern).map(([name, wanted]) => compileEntry(name, wanted));
  return (event) => checks.every((check) => check(event));
};
