import type { AttributeValue } from 'aws-lambda';
import { validationError } from './errors.ts';
import { reservedWords } from './reserved-words.ts';
import type { Item } from './values.ts';

/** A place in an item: `placement.shardId`. */
export type Path = readonly string[];

export interface Bound {
  ExpressionAttributeNames?: Record<string, string> | undefined;
  ExpressionAttributeValues?: Item | undefined;
}

/** The names and values of a request; each of them must be used by one of its expressions. */
export class Bindings {
  readonly #names: Readonly<Record<string, string>>;
  readonly #values: Readonly<Item>;
  readonly #used = new Set<string>();

  constructor({ ExpressionAttributeNames = {}, ExpressionAttributeValues = {} }: Bound) {
    this.#names = ExpressionAttributeNames;
    this.#values = ExpressionAttributeValues;
  }

  name(placeholder: string): string {
    this.#used.add(placeholder);
    return this.#names[placeholder] ?? undefinedPlaceholder('name', placeholder);
  }

  value(placeholder: string): AttributeValue {
    this.#used.add(placeholder);
    return this.#values[placeholder] ?? undefinedPlaceholder('value', placeholder);
  }

  /** To be called when every expression of the request has been read. */
  assertUsed(): void {
    const unused = Object.keys({ ...this.#names, ...this.#values }).filter(
      (placeholder) => !this.#used.has(placeholder),
    );
    if (unused.length === 0) return;
    const parameter = unused[0]?.startsWith('#') ? 'ExpressionAttributeNames' : 'ExpressionAttributeValues';
    throw validationError(`Value provided in ${parameter} unused in expressions: keys: {${unused.join(', ')}}`);
  }
}

const undefinedPlaceholder = (kind: string, placeholder: string): never => {
  throw validationError(
    `Invalid expression: An expression attribute ${kind} used in expression is not defined; attribute ${kind}: ${placeholder}`,
  );
};

const token = /\s*([#:]?\w+|<>|<=|>=|[=<>(),.+-])/y;

const tokensOf = (text: string): string[] => {
  const tokens: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.trimEnd().length) {
    const found = token.exec(text)?.[1];
    if (found === undefined) throw validationError(`Invalid expression: the local run cannot read ${text}`);
    tokens.push(found);
  }
  return tokens;
};

/** Reads an expression token by token, with its placeholders replaced. */
export class ExpressionReader {
  readonly #bindings: Bindings;
  readonly #text: string;
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(text: string, bindings: Bindings) {
    this.#bindings = bindings;
    this.#text = text;
    this.#tokens = tokensOf(text);
  }

  /** The next token in capitals, without taking it; empty at the end. */
  get next(): string {
    return this.#tokens[this.#at]?.toUpperCase() ?? '';
  }

  get isCall(): boolean {
    return this.#tokens[this.#at + 1] === '(' && /^\w/.test(this.next);
  }

  take(): string {
    return this.#tokens[this.#at++] ?? this.fail();
  }

  /** Takes the next token if it is this symbol or keyword. */
  accept(wanted: string): boolean {
    if (this.next !== wanted) return false;
    this.#at += 1;
    return true;
  }

  expect(wanted: string): void {
    if (!this.accept(wanted)) this.fail();
  }

  /** One or more, with commas between them. */
  list<T>(read: () => T): T[] {
    const found = [read()];
    while (this.accept(',')) found.push(read());
    return found;
  }

  /** As `list`, in brackets. */
  arguments<T>(read: () => T): T[] {
    this.expect('(');
    const found = this.list(read);
    this.expect(')');
    return found;
  }

  end(): void {
    if (this.next !== '') this.fail();
  }

  fail(): never {
    throw validationError(
      `Invalid expression: the local run cannot read "${this.#tokens[this.#at] ?? ''}" in ${this.#text}`,
    );
  }

  /** The value of a placeholder such as `:now`, if one is next. */
  value(): AttributeValue | undefined {
    return this.next.startsWith(':') ? this.#bindings.value(this.take()) : undefined;
  }

  path(): Path {
    const path = [this.#name()];
    while (this.accept('.')) path.push(this.#name());
    return path;
  }

  #name(): string {
    const found = this.take();
    if (found.startsWith('#')) return this.#bindings.name(found);
    if (!/^[a-z_]/i.test(found)) this.fail();
    if (reservedWords.has(found.toUpperCase()))
      throw validationError(`Invalid expression: Attribute name is a reserved keyword; reserved keyword: ${found}`);
    return found;
  }
}

/** What stands at a place of an item. */
export const valueAt = (item: Item | undefined, path: Path): AttributeValue | undefined =>
  path.reduce<AttributeValue | undefined>((value, name) => value?.M?.[name], { M: item ?? {} });

/** Puts a value at a place of an item, or removes what is there. */
export const setAt = (item: Item, path: Path, value: AttributeValue | undefined): void => {
  const parent = valueAt(item, path.slice(0, -1))?.M;
  if (!parent) throw validationError('The document path provided in the update expression is invalid for update');
  if (value === undefined) delete parent[path.at(-1) ?? ''];
  else parent[path.at(-1) ?? ''] = value;
};

/** Reads a ProjectionExpression: copies of an item what it names. */
export const projection = (text: string | undefined, bindings: Bindings): ((item: Item) => Item) => {
  if (text === undefined) return (item) => item;
  const reader = new ExpressionReader(text, bindings);
  const paths = reader.list(() => reader.path());
  reader.end();
  return (item) => {
    const projected: Item = {};
    for (const path of paths) {
      const value = valueAt(item, path);
      if (value === undefined) continue;
      for (let depth = 1; depth < path.length; depth += 1) {
        const outer = path.slice(0, depth);
        if (!valueAt(projected, outer)) setAt(projected, outer, { M: {} });
      }
      setAt(projected, path, value);
    }
    return projected;
  };
};
