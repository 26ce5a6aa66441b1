import type { AttributeValue } from 'aws-lambda';
import { validationError } from './errors.ts';

/** An item or a key as it goes over the wire: `{pk: {S: 'TENANT#…'}}`. */
export type Item = Record<string, AttributeValue>;

const maxLevels = 32;
/** JavaScript's numbers carry no more. */
const maxDigits = 17;
const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Bytes of an item as DynamoDB counts them; throws for a value that is none. */
export const itemSize = (item: Item, level = 0): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueSize(value, level), 0);

const valueSize = (value: AttributeValue, level: number): number => {
  const [type, ...others] = Object.keys(value ?? {});
  if (type === undefined || others.length > 0)
    throw validationError('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
  const { S, N, B, SS, NS, BS, L, M } = value;
  if (S !== undefined) return Buffer.byteLength(S);
  if (N !== undefined) return numberSize(N);
  if (B !== undefined) return Buffer.byteLength(B, 'base64');
  if (SS) return setSize(SS, (member) => Buffer.byteLength(member));
  if (NS) return setSize(NS, numberSize);
  if (BS) return setSize(BS, (member) => Buffer.byteLength(member, 'base64'));
  if (level === maxLevels && (L || M))
    throw validationError(
      'Nesting Levels have exceeded supported limits: Attributes have nested levels beyond supported limits',
    );
  // A list or map takes 3 bytes, and 1 more for each member.
  if (L) return L.reduce((sum, member) => sum + 1 + valueSize(member, level + 1), 3);
  if (M) return 3 + Object.keys(M).length + itemSize(M, level + 1);
  if (type === 'BOOL' || type === 'NULL') return 1;
  throw validationError(`There is no data type ${type}`);
};

const setSize = (members: readonly string[], sizeOf: (member: string) => number): number => {
  if (members.length === 0) throw validationError('An string set, number set or binary set may not be empty');
  if (new Set(members).size < members.length) throw validationError('Input collection contains duplicates.');
  return members.reduce((sum, member) => sum + sizeOf(member), 0);
};

/** A byte for each two significant digits, one more for the exponent and one for a minus sign. */
const numberSize = (text: string): number => {
  const digits = text
    .replace(/e.*$/i, '')
    .replace(/^[+-]?0*\.?0*|\./g, '')
    .replace(/0+$/, '');
  if (!number.test(text)) throw validationError(`The parameter cannot be converted to a numeric value: ${text}`);
  if (digits.length > maxDigits) throw validationError(`The local run takes numbers of at most ${maxDigits} digits.`);
  return Math.ceil(digits.length / 2) + 1 + Number(text.startsWith('-'));
};

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Whether two values or items are equal: the order of attributes, and of the members of a set, does not count. */
export const isEqual = (one: unknown, other: unknown): boolean => {
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((member, place) => isEqual(member, other[place]));
  if (!isObject(one) || !isObject(other)) return one === other;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length && names.every((name) => isEqualUnder(name, one[name], other[name]))
  );
};

/** Below an attribute's name there is never a text or an array: an attribute called N or SS is not taken for the type. */
const isEqualUnder = (type: string, one: unknown, other: unknown): boolean => {
  if (type === 'N' && typeof one === 'string' && typeof other === 'string') return Number(one) === Number(other);
  const isSet = type === 'SS' || type === 'NS' || type === 'BS';
  if (!isSet || !Array.isArray(one) || !Array.isArray(other)) return isEqual(one, other);
  return one.length === other.length && new Set([...one, ...other]).size === one.length;
};

export const compareText = (one: string, other: string) => Buffer.compare(Buffer.from(one), Buffer.from(other));

/** Below 0 where `one` is less; not a number where the two are not of one type that has an order. */
export const compare = (one: AttributeValue | undefined, other: AttributeValue | undefined): number => {
  if (one?.S !== undefined && other?.S !== undefined) return compareText(one.S, other.S);
  if (one?.N !== undefined && other?.N !== undefined) return Number(one.N) - Number(other.N);
  if (one?.B !== undefined && other?.B !== undefined)
    return Buffer.compare(Buffer.from(one.B, 'base64'), Buffer.from(other.B, 'base64'));
  return Number.NaN;
};
