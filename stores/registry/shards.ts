import { AppError } from '#core/contract/api/errors.ts';
import type { Shard } from '#core/contract/model/shard.ts';
import type { ShardClass } from '#core/contract/model/tiers.ts';
import { indexNames, tableNames } from '#core/contract/platform/names.ts';
import { keys, recordOf } from '#core/keys.ts';
import { type ServedRanges, shardOf } from '#core/shards/shard-record.ts';
import { documents } from '#stores/aws/clients.ts';
import { getItem } from '#stores/aws/get-item.ts';
import { type Page, queryAll, queryPage } from '#stores/aws/pages.ts';

const TableName = tableNames.tenants;
const everyShard = {
  TableName,
  IndexName: indexNames.byEntity,
  KeyConditionExpression: 'entity = :shard',
  ExpressionAttributeValues: { ':shard': 'SHARD' },
};

/** The whole catalogue. Its counts may lag: a claim is decided by its transaction, not by them. */
export const readShards = async (): Promise<Shard[]> => {
  const shards: Shard[] = [];
  for await (const item of queryAll(everyShard)) shards.push(shardOf(item));
  return shards;
};

export const listShards = (
  shardClass: ShardClass | undefined,
  limit: number,
  cursor: string | undefined,
): Promise<Page<Shard>> =>
  queryPage({
    query: everyShard,
    limit,
    cursor,
    startKey: (shardId) => ({ ...keys.shard(shardId), itemId: shardId, entity: 'SHARD' }),
    positionOf: (item) => String(item['itemId']),
    match: (item) => (shardClass === undefined || shardOf(item).class === shardClass ? shardOf(item) : undefined),
  });

/** One shard, read consistently; `not_found` if there is none. */
export const readShard = async (shardId: string): Promise<Shard> => {
  const item = await getItem(documents, 'tenants', keys.shard(shardId));
  if (!item) throw new AppError('not_found', `There is no shard "${shardId}".`);
  return shardOf(item);
};

/** The hash ranges that the shards of a region serve. */
export const readServedRanges = async (region: string): Promise<ServedRanges | undefined> => {
  const item = await getItem(documents, 'tenants', keys.servedRanges(region));
  return item && (recordOf(item) as ServedRanges);
};
