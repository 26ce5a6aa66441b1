import type { Key } from '#core/change.ts';
import { tableNames } from '#core/contract/names.ts';
import { keys, overrideSortPrefix } from '#core/keys.ts';
import { queryAll } from './pages.ts';

/** The keys of a tenant's overrides. */
export const readOverrides = async (tenantId: string): Promise<Key[]> => {
  const found: Key[] = [];
  const items = queryAll({
    TableName: tableNames.flags,
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: { ':pk': keys.tenant(tenantId).pk, ':prefix': overrideSortPrefix },
  });
  for await (const { pk, sk } of items) found.push({ pk, sk });
  return found;
};
