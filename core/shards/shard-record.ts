import type { Change, Item, Write } from '#core/change.ts';
import { AppError } from '#core/contract/api/errors.ts';
import { systemStream } from '#core/contract/events/catalogue.ts';
import {
  maxTenantsPerShard,
  type Shard,
  type ShardRegistration,
  type ShardUpdate,
} from '#core/contract/model/shard.ts';
import { keys, recordOf } from '#core/keys.ts';

type Decided = Omit<Change, 'cause'> & { shard: Shard };

const shardItem = (shard: Shard): Item => ({
  ...keys.shard(shard.shardId),
  ...shard,
  entity: 'SHARD',
  itemId: shard.shardId,
});

export const shardOf = (item: Item) => recordOf(item) as Shard;

/** The ranges that the shards of a region serve, in one item, so that two who add one at once cannot miss each other. */
export interface ServedRanges {
  version: number;
  served: readonly { shardId: string; from: number; to: number }[];
}

interface RegisterFacts {
  request: ShardRegistration;
  known: readonly Shard[];
  /** Of the request's region; none where no shared shard was added yet. */
  ranges: ServedRanges | undefined;
  now: string;
}

/** Adds a shard to the catalogue; an id that is taken, or a range that another shard of the region serves, is refused. */
export const registerShard = ({ request, known, ranges, now }: RegisterFacts): Decided => {
  const taken = {
    code: 'version_conflict',
    message: `There is a shard "${request.shardId}" already.`,
  } as const;
  if (known.some(({ shardId }) => shardId === request.shardId)) throw new AppError(taken.code, taken.message);
  const overlapping = [...inRegion(request.region, known), ...(ranges?.served ?? [])].find(
    (other) => request.range && overlaps(request.range, other),
  );
  if (overlapping) {
    throw new AppError('version_conflict', `The range overlaps that of shard ${overlapping.shardId}.`);
  }
  const shard: Shard = {
    ...request,
    capacity: request.capacity ?? (request.class === 'dedicated' ? 1 : maxTenantsPerShard),
    count: 0,
    state: 'open',
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
  return {
    shard,
    stream: systemStream,
    writes: [
      {
        kind: 'put',
        table: 'tenants',
        item: shardItem(shard),
        guard: { condition: { absent: true }, otherwise: taken },
      },
      ...claimRange(request, ranges),
    ],
    audit: [{ action: 'shard.changed', target: { type: 'shard', id: shard.shardId }, after: described(shard) }],
  };
};

/** Changes capacity or state. A capacity below the tenants it has only closes it to new ones. */
export const updateShard = (read: Shard, update: ShardUpdate, now: string): Decided => {
  const before = { capacity: read.capacity, state: read.state };
  const after = { capacity: update.capacity ?? read.capacity, state: update.state ?? read.state };
  const version = read.version + 1;
  return {
    shard: { ...read, ...after, version, updatedAt: now },
    stream: systemStream,
    writes: [
      {
        kind: 'update',
        table: 'tenants',
        key: keys.shard(read.shardId),
        set: { ...after, version, updatedAt: now },
        guard: {
          condition: { equals: { version: read.version } },
          otherwise: { code: 'version_conflict', message: 'The shard changed since it was read. Try again.' },
        },
      },
    ],
    audit: [{ action: 'shard.changed', target: { type: 'shard', id: read.shardId }, before, after }],
  };
};

const described = ({ class: shardClass, region, range, capacity, endpoint }: Shard) => ({
  class: shardClass,
  region,
  capacity,
  endpoint: { ...endpoint },
  ...(range && { range: { ...range } }),
});

const inRegion = (region: string, shards: readonly Shard[]): ServedRanges['served'] =>
  shards.flatMap(({ shardId, range, ...shard }) => (range && shard.region === region ? [{ shardId, ...range }] : []));

const overlaps = (range: { from: number; to: number }, other: { from: number; to: number }) =>
  range.from <= other.to && other.from <= range.to;

/** Adds a shared shard's range to those of its region, if they are still what was read. */
const claimRange = ({ shardId, region, range }: ShardRegistration, read: ServedRanges | undefined): Write[] => {
  if (!range) return [];
  const next: ServedRanges = {
    version: (read?.version ?? 0) + 1,
    served: [...(read?.served ?? []), { shardId, ...range }],
  };
  return [
    {
      kind: 'put',
      table: 'tenants',
      item: { ...keys.servedRanges(region), ...next },
      guard: {
        condition: read ? { equals: { version: read.version } } : { absent: true },
        otherwise: { code: 'version_conflict', message: 'Another shard was added at the same time. Try again.' },
      },
    },
  ];
};
