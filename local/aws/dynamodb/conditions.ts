import type { AttributeValue } from 'aws-lambda';
import { type Bindings, ExpressionReader, valueAt } from './expressions.ts';
import { compare, type Item, isEqual } from './values.ts';

/** Whether a condition holds for an item, or for there being none. */
export type Condition = (item: Item | undefined) => boolean;
type Value = AttributeValue | undefined;
type Operand = (item: Item | undefined) => Value;

/** Reads a ConditionExpression or a FilterExpression; without one everything passes. */
export const condition = (text: string | undefined, bindings: Bindings): Condition => {
  if (text === undefined) return () => true;
  const reader = new ExpressionReader(text, bindings);
  const read = disjunction(reader);
  reader.end();
  return read;
};

const disjunction = (reader: ExpressionReader): Condition => {
  const left = conjunction(reader);
  if (!reader.accept('OR')) return left;
  const right = disjunction(reader);
  return (item) => left(item) || right(item);
};

const conjunction = (reader: ExpressionReader): Condition => {
  const left = negation(reader);
  if (!reader.accept('AND')) return left;
  const right = conjunction(reader);
  return (item) => left(item) && right(item);
};

const negation = (reader: ExpressionReader): Condition => {
  if (reader.accept('NOT')) {
    const inner = negation(reader);
    return (item) => !inner(item);
  }
  if (!reader.accept('(')) return reader.isCall ? call(reader) : comparison(reader);
  const inner = disjunction(reader);
  reader.expect(')');
  return inner;
};

/** A comparison with an attribute that is not there fails, but for `<>`. */
const comparators: Readonly<Record<string, (one: Value, other: Value) => boolean>> = {
  '=': (one, other) => one !== undefined && isEqual(one, other),
  '<>': (one, other) => !isEqual(one, other),
  '<': (one, other) => compare(one, other) < 0,
  '<=': (one, other) => compare(one, other) <= 0,
  '>': (one, other) => compare(one, other) > 0,
  '>=': (one, other) => compare(one, other) >= 0,
};

const comparison = (reader: ExpressionReader): Condition => {
  const left = operand(reader);
  if (reader.accept('BETWEEN')) {
    const low = operand(reader);
    reader.expect('AND');
    const high = operand(reader);
    return (item) => compare(low(item), left(item)) <= 0 && compare(left(item), high(item)) <= 0;
  }
  if (reader.accept('IN')) {
    const options = reader.arguments(() => operand(reader));
    return (item) => left(item) !== undefined && options.some((option) => isEqual(left(item), option(item)));
  }
  const holds = comparators[reader.take()] ?? reader.fail();
  const right = operand(reader);
  return (item) => holds(left(item), right(item));
};

const operand = (reader: ExpressionReader): Operand => {
  const value = reader.value();
  if (value) return () => value;
  const path = reader.path();
  return (item) => valueAt(item, path);
};

const functions: Readonly<Record<string, (one: Value, other: Value) => boolean>> = {
  attribute_exists: (one) => one !== undefined,
  attribute_not_exists: (one) => one === undefined,
  begins_with: (one, start) => start?.S !== undefined && (one?.S?.startsWith(start.S) ?? false),
  contains: (one, part) => {
    if (one?.S !== undefined) return part?.S !== undefined && one.S.includes(part.S);
    return (
      one?.L?.some((member) => isEqual(member, part)) ?? (part?.S !== undefined && one?.SS?.includes(part.S)) ?? false
    );
  },
};

const call = (reader: ExpressionReader): Condition => {
  const holds = functions[reader.next.toLowerCase()] ?? reader.fail();
  const [one, other, ...more] = (reader.take(), reader.arguments(() => operand(reader)));
  if (!one || more.length > 0 || (holds.length === 2) !== (other !== undefined)) return reader.fail();
  return (item) => holds(one(item), other?.(item));
};
