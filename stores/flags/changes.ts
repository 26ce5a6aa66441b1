import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Item, Key, Write } from '#core/change.ts';
import { tableNames } from '#core/contract/platform/names.ts';
import type { FlagChange } from '#core/flags/change-flag-set.ts';
import { keys } from '#core/keys.ts';
import { documents } from '#stores/aws/clients.ts';

const getItem = async (Key: Key) => {
  const { Item } = await documents.send(new GetCommand({ TableName: tableNames.flags, Key, ConsistentRead: true }));
  return Item as Item | undefined;
};

/** How far changes have been carried to tenants: every version up to `done`, and a part of the next. */
export interface Spread {
  done: number;
  /** The tenant after which the next version goes on. */
  after?: string;
  /** Grows with every step, so that two who take the same one cannot both go on. */
  turn: number;
}

/** A change as it was when it was read; its progress is under the guard of the spread. */
const changeOf = ({ pk: _pk, sk: _sk, ...change }: Item) => change as unknown as FlagChange;

export const readChange = async (version: number): Promise<FlagChange | undefined> => {
  const item = await getItem(keys.flagChange(version));
  return item && changeOf(item);
};

/** The change that an operation carries; `undefined` where there is none. */
export const findChange = async (operationId: string): Promise<FlagChange | undefined> => {
  const version = (await getItem(keys.flagOperation(operationId)))?.['version'];
  return typeof version === 'number' ? readChange(version) : undefined;
};

export const readSpread = async (): Promise<Spread> =>
  ((await getItem(keys.flagSetSpread)) as (Item & Spread) | undefined) ?? { done: 0, turn: 0 };

export const putChange = (change: FlagChange): Write => ({
  kind: 'put',
  table: 'flags',
  item: { ...keys.flagChange(change.flagSetVersion), ...change },
});

export const newChangeWrites = (change: FlagChange): Write[] => [
  putChange(change),
  { kind: 'put', table: 'flags', item: { ...keys.flagOperation(change.id), version: change.flagSetVersion } },
];

/** Moves the spread on, if nobody else has. */
export const putSpread = (read: Spread, next: Omit<Spread, 'turn'>): Write => ({
  kind: 'put',
  table: 'flags',
  item: { ...keys.flagSetSpread, ...next, turn: read.turn + 1 },
  guard: {
    condition: read.turn === 0 ? { absent: true } : { equals: { turn: read.turn } },
    otherwise: { code: 'version_conflict', message: 'Another run carries the changes of flags.' },
  },
});
