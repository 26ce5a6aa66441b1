import type { QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { indexNames, tableNames } from '#core/contract/platform/names.ts';
import type { CountedOperation, CountedTenant } from '#core/fleet/summarise-fleet.ts';
import { operationOf } from '#core/operation/operation.ts';
import { tenantOf } from '#core/tenant/tenant-record.ts';
import { queryAll } from '#stores/aws/pages.ts';

const ofKind = (entity: string): QueryCommandInput => ({
  TableName: tableNames.tenants,
  IndexName: indexNames.byEntity,
  KeyConditionExpression: 'entity = :entity',
  ExpressionAttributeValues: { ':entity': entity },
});

/** The counted attributes of every tenant. It reads the whole registry, so callers should cache the result. */
export const countedTenants = async (): Promise<CountedTenant[]> => {
  const found: CountedTenant[] = [];
  const query = {
    ...ofKind('TENANT'),
    ProjectionExpression: '#status, tier, #region, placement.shardId',
    ExpressionAttributeNames: { '#status': 'status', '#region': 'region' },
  };
  for await (const item of queryAll(query)) {
    const { status, tier, region, placement } = tenantOf(item);
    found.push({ status, tier, region, shardId: placement?.shardId });
  }
  return found;
};

/** The operations with ids from `firstId` on. */
export const operationsSince = async (firstId: string): Promise<CountedOperation[]> => {
  const query = ofKind('OPERATION');
  const found: CountedOperation[] = [];
  for await (const item of queryAll({
    ...query,
    KeyConditionExpression: `${query.KeyConditionExpression} AND itemId >= :first`,
    ExpressionAttributeValues: { ...query.ExpressionAttributeValues, ':first': firstId },
  })) {
    found.push(operationOf(item));
  }
  return found;
};
