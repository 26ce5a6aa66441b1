/** Whether an event matches a pattern. */
export type Matches = (event: unknown) => boolean;

/** Whether the values of one field of an event, all those of a list, match. */
type Test = (values: readonly unknown[]) => boolean;

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

const fault = (message: string) => new Error(`Event pattern is not valid. Reason: ${message}`);

const isScalar = (value: unknown) => value === null || ['string', 'number', 'boolean'].includes(typeof value);

const operators: Readonly<Record<string, (operand: unknown) => Test>> = {
  prefix: (operand) => {
    if (typeof operand !== 'string') throw fault('prefix takes a text');
    return (values) => values.some((value) => typeof value === 'string' && value.startsWith(operand));
  },
  exists: (operand) => {
    if (typeof operand !== 'boolean') throw fault('exists takes true or false');
    return (values) => values.length > 0 === operand;
  },
  'anything-but': (operand) => {
    const refused = listOf(operand);
    if (!refused.every(isScalar)) throw fault('anything-but takes values');
    return (values) => values.some((value) => !refused.includes(value));
  },
};

/** One alternative of a list: a value, or one operator. */
const testOf = (alternative: unknown): Test => {
  if (isScalar(alternative)) return (values) => values.includes(alternative);
  const [entry, ...others] = isFields(alternative) ? Object.entries(alternative) : [];
  const make = entry && Object.hasOwn(operators, entry[0]) ? operators[entry[0]] : undefined;
  if (!entry || !make || others.length > 0)
    throw fault('a list holds values, or one of prefix, exists and anything-but');
  return make(entry[1]);
};

/** What a node of the event holds under a name: the values of a list each for itself. */
const under = (node: unknown, name: string): unknown[] =>
  listOf(node).flatMap((part) => (isFields(part) && Object.hasOwn(part, name) ? listOf(part[name]) : []));

const compileField = (name: string, wanted: unknown): Matches => {
  if (Array.isArray(wanted) && wanted.length > 0) {
    const tests = wanted.map(testOf);
    return (node) => {
      const values = under(node, name).filter(isScalar);
      return tests.some((test) => test(values));
    };
  }
  if (!isFields(wanted)) throw fault(`"${name}" must be an object or a list that is not empty`);
  const inner = compilePattern(wanted);
  return (node) => {
    const nodes = under(node, name);
    return nodes.length === 0 ? inner(undefined) : nodes.some(inner);
  };
};

/** Makes a test of an EventBridge pattern; throws for an operator that it does not know. */
export const compilePattern = (pattern: unknown): Matches => {
  if (!isFields(pattern) || Object.keys(pattern).length === 0) throw fault('it must be an object with fields');
  if (Object.hasOwn(pattern, '$or')) throw fault('$or is not known');
  const fields = Object.entries(pattern).map(([name, wanted]) => compileField(name, wanted));
  return (event) => fields.every((matches) => matches(event));
};
