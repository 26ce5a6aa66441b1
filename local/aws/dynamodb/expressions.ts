import { isRecord, type Json } from './model.ts';

interface Context {
  attrNames?: Json;
  attrVals?: Json;
  unusedAttrNames: Json;
  unusedAttrVals: Json;
  isKeyCondition?: boolean;
}
export interface Parser {
  parse(this: void, expression: string, options: { context: Context }): unknown;
}

/** Stands where a parsed expression has a value. */
class Slot {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

interface Template {
  expression: unknown;
  usedNames: string[];
  usedValues: string[];
}

/** Bounds memory where expressions are built from data, and so never come again. */
const MOST_TEMPLATES = 2000;
// What these allow depends on the values themselves and not only on their types.
const dependsOnValues = /between|attribute_type/i;

/** Makes a parser of dynalite parse each expression once, which takes it 100 µs, and from then on put in the new values. */
export function parseOnce(parser: Parser): void {
  const { parse } = parser;
  const templates = new Map<string, Template>();
  parser.parse = (expression, options) => {
    const { context } = options;
    if (dependsOnValues.test(expression)) return parse(expression, options);
    const key = keyOf(expression, context);
    const template = templates.get(key);
    if (template) return fill(template, context);
    const { unusedAttrNames, unusedAttrVals, attrVals = {} } = context;
    const [names, values] = [Object.keys(unusedAttrNames), Object.keys(unusedAttrVals)];
    const parsed = parse(expression, options);
    if (!isRecord(parsed)) return parsed;
    const slots = new Map(Object.entries(attrVals).map(([name, value]) => [value, new Slot(name)]));
    if (templates.size >= MOST_TEMPLATES) templates.clear();
    templates.set(key, {
      expression: copy(parsed, (node) => slots.get(node)),
      usedNames: names.filter((name) => !(name in unusedAttrNames)),
      usedValues: values.filter((name) => !(name in unusedAttrVals)),
    });
    return parsed;
  };
}

function keyOf(expression: string, { attrNames = {}, attrVals = {}, isKeyCondition = false }: Context): string {
  const types = Object.entries(attrVals).map(([name, value]) => [name, isRecord(value) && Object.keys(value)]);
  return JSON.stringify([expression, isKeyCondition, attrNames, types]);
}

/** Gives an expression of its own, since dynalite writes into what was parsed. */
function fill({ expression, usedNames, usedValues }: Template, { unusedAttrNames, unusedAttrVals, attrVals }: Context) {
  for (const name of usedNames) delete unusedAttrNames[name];
  for (const name of usedValues) delete unusedAttrVals[name];
  return copy(expression, (node) => (node instanceof Slot ? attrVals?.[node.name] : undefined));
}

function copy(node: unknown, replace: (node: object) => unknown): unknown {
  if (typeof node !== 'object' || node === null) return node;
  const replacement = replace(node);
  if (replacement !== undefined) return replacement;
  if (Array.isArray(node)) return node.map((member) => copy(member, replace));
  const target: Json = Object.create(null);
  for (const [name, member] of Object.entries(node)) target[name] = copy(member, replace);
  return target;
}
