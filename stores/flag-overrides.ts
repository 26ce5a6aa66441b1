import type { Override } from '#core/contract/flags.ts';
import { tableNames } from '#core/contract/names.ts';
import { overrideOf } from '#core/flags/override.ts';
import { keys, overrideSortPrefix } from '#core/keys.ts';
import { queryAll } from './pages.ts';

/** A tenant's overrides, from its own partition. */
export const readOverrides = async (tenantId: string): Promise<Override[]> => {
  const found: Override[] = [];
  const items = queryAll({
    TableName: tableNames.flags,
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: { ':pk': keys.tenant(tenantId).pk, ':prefix': overrideSortPrefix },
  });
  for await (const item of items) found.push(overrideOf(item));
  return found;
};
