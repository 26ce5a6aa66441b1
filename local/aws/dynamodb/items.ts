import type { AttributeValue } from 'aws-lambda';
import { validationError } from './errors.ts';
import { type Index, type Item, isRecord, type Table } from './model.ts';

/** Whether two items hold the same: the order of attributes, and of the members of a set, does not count. */
export const sameItem = (one: Item | undefined, other: Item | undefined): boolean => same(one, other);

const isSet = (name: string) => name === 'SS' || name === 'NS' || name === 'BS';

function same(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((member, place) => same(member, other[place]));
  if (!isRecord(one) || !isRecord(other)) return one === other;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => {
      const [value, against] = [one[name], other[name]];
      // Below an attribute's name there is never an array, so that an attribute called SS is no set.
      if (!isSet(name) || !Array.isArray(value) || !Array.isArray(against)) return same(value, against);
      const members = new Set(against);
      return value.length === members.size && value.every((member) => members.has(member));
    })
  );
}

/** Bytes of an item as DynamoDB counts them against its limits. */
export const itemSize = (item: Item): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueSize(value), 0);

function valueSize({ S, N, B, SS, NS, BS, L, M }: AttributeValue): number {
  if (S !== undefined) return Buffer.byteLength(S);
  if (N !== undefined) return numberSize(N);
  if (B !== undefined) return Buffer.byteLength(B, 'base64');
  // A list or map takes 3 bytes, and 1 more for each member.
  if (L) return L.reduce((sum, member) => sum + 1 + valueSize(member), 3);
  if (M) return 3 + Object.keys(M).length + itemSize(M);
  if (SS) return SS.reduce((sum, member) => sum + Buffer.byteLength(member), 0);
  if (NS) return NS.reduce((sum, member) => sum + numberSize(member), 0);
  if (BS) return BS.reduce((sum, member) => sum + Buffer.byteLength(member, 'base64'), 0);
  return 1;
}

/** A byte for each two significant digits, one more for the exponent and one for a minus sign. */
function numberSize(text: string): number {
  const digits = text.replace(/^-?0*\.?0*|\./g, '').replace(/0+$/, '');
  return Math.ceil(digits.length / 2) + 1 + Number(text.startsWith('-'));
}

// Limits of DynamoDB that dynalite does not know: bytes of a partition and a sort key, levels of nesting.
const PARTITION_KEY = 2048;
const SORT_KEY = 1024;
const LEVELS = 32;

/** Refuses an item that DynamoDB would refuse and dynalite would keep. */
export function checkItem(table: Table, item: Item): void {
  for (const index of table.GlobalSecondaryIndexes ?? []) checkIndexKey(index, item);
  for (const value of Object.values(item)) checkNesting(value, 1);
}

function checkIndexKey({ IndexName, KeySchema }: Index, item: Item): void {
  for (const { AttributeName, KeyType } of KeySchema) {
    const { S, B } = item[AttributeName] ?? {};
    const size = S === undefined ? B && Buffer.byteLength(B, 'base64') : Buffer.byteLength(S);
    if (S === '' || B === '')
      throw validationError(
        'One or more parameter values are not valid. A value specified for a secondary index key is not supported. ' +
          `The AttributeValue for a key attribute cannot contain an empty ${S === '' ? 'string' : 'binary'} value. ` +
          `IndexName: ${IndexName}, IndexKey: ${AttributeName}`,
      );
    if (size && size > (KeyType === 'HASH' ? PARTITION_KEY : SORT_KEY))
      throw validationError(
        `One or more parameter values were invalid: Size of the index key ${AttributeName} of ${IndexName} has exceeded the maximum size limit`,
      );
  }
}

function checkNesting(value: AttributeValue, level: number): void {
  if (!value.M && !value.L) return;
  if (level > LEVELS)
    throw validationError(
      'One or more parameter values were invalid: Nesting Levels have exceeded supported limits: Attributes have nested levels beyond supported limits',
    );
  for (const inner of value.L ?? Object.values(value.M ?? {})) checkNesting(inner, level + 1);
}
