import type { AttributeValue } from 'aws-lambda';
import { validationError } from './errors.ts';
import { type Bindings, ExpressionReader, type Path, setAt, valueAt } from './expressions.ts';
import type { Item } from './values.ts';

/** Reads the item as it was before the update; nothing where the attribute is to be removed. */
type Value = (item: Item) => AttributeValue | undefined;

export interface Update {
  /** The item as the update leaves it. */
  apply: (item: Item) => Item;
  /** Names of the attributes that it touches. */
  attributes: string[];
}

/** Reads an UpdateExpression of SET, REMOVE and ADD of numbers; without one nothing changes. */
export const update = (text: string | undefined, bindings: Bindings): Update => {
  const clauses = text === undefined ? [] : clausesOf(new ExpressionReader(text, bindings));
  return {
    apply: (item) => {
      const target = structuredClone(item);
      for (const { path, value } of clauses) setAt(target, path, value(item));
      return target;
    },
    attributes: [...new Set(clauses.flatMap(({ path: [name] }) => name ?? []))],
  };
};

interface Clause {
  path: Path;
  value: Value;
}

const clausesOf = (reader: ExpressionReader): Clause[] => {
  const clauses: Clause[] = [];
  while (reader.next !== '') {
    const read = readers[reader.take().toUpperCase()] ?? reader.fail();
    clauses.push(...reader.list(() => read(reader)));
  }
  const paths = clauses.map(({ path }) => path.join('.'));
  if (paths.some((path, index) => paths.some((other, place) => place !== index && `${other}.`.startsWith(`${path}.`))))
    throw validationError('Invalid UpdateExpression: Two document paths overlap with each other');
  return clauses;
};

const readers: Readonly<Record<string, (reader: ExpressionReader) => Clause>> = {
  SET: (reader) => {
    const path = reader.path();
    reader.expect('=');
    const left = operand(reader);
    const sign = reader.accept('+') ? 1 : reader.accept('-') ? -1 : 0;
    if (sign === 0) return { path, value: left };
    const right = operand(reader);
    return { path, value: (item) => sum(left(item), right(item), sign) };
  },
  REMOVE: (reader) => ({ path: reader.path(), value: () => undefined }),
  ADD: (reader) => {
    const path = reader.path();
    const added = reader.value();
    if (added?.N === undefined)
      throw validationError('Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD');
    return { path, value: (item) => sum(valueAt(item, path) ?? { N: '0' }, added, 1) };
  },
};

const sum = (left: AttributeValue | undefined, right: AttributeValue | undefined, sign: number): AttributeValue => {
  if (left?.N === undefined || right?.N === undefined)
    throw validationError('An operand in the update expression has an incorrect data type');
  return { N: String(Number(left.N) + sign * Number(right.N)) };
};

const operand = (reader: ExpressionReader): Value => {
  const value = reader.value();
  if (value) return () => value;
  if (!reader.isCall) {
    const path = reader.path();
    return (item) => valueAt(item, path) ?? missing();
  }
  reader.expect('IF_NOT_EXISTS');
  reader.expect('(');
  const path = reader.path();
  reader.expect(',');
  const otherwise = operand(reader);
  reader.expect(')');
  return (item) => valueAt(item, path) ?? otherwise(item);
};

const missing = (): never => {
  throw validationError('The provided expression refers to an attribute that does not exist in the item');
};
