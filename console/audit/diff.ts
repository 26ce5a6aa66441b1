import type { AuditEvent } from '#core/contract/events/catalogue.ts';

type Fields = NonNullable<AuditEvent['before']>;
type Json = Fields[string];

export interface Difference {
  /** Property names from the root, joined by dots. */
  path: string;
  before?: string;
  after?: string;
  kind: 'added' | 'removed' | 'changed' | 'same';
}

const isObject = (value: Json): value is { [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every leaf by its path; an empty object or list is a leaf, too. */
const leavesOf = (fields: Fields, prefix = ''): [string, string][] =>
  Object.entries(fields).flatMap(([name, value]): [string, string][] =>
    isObject(value) && Object.keys(value).length > 0
      ? leavesOf(value, `${prefix}${name}.`)
      : [[prefix + name, typeof value === 'string' ? value : JSON.stringify(value)]],
  );

const differenceOf = (path: string, before: string | undefined, after: string | undefined): Difference => {
  if (before === undefined) return { path, ...(after !== undefined && { after }), kind: 'added' };
  if (after === undefined) return { path, before, kind: 'removed' };
  return { path, before, after, kind: before === after ? 'same' : 'changed' };
};

/** The changes of an event, leaf by leaf. */
export const differences = (before: Fields = {}, after: Fields = {}): Difference[] => {
  const old = new Map(leavesOf(before));
  const now = new Map(leavesOf(after));
  const paths = [...new Set([...old.keys(), ...now.keys()])];
  return paths.map((path) => differenceOf(path, old.get(path), now.get(path)));
};
