import type { Override } from '#core/contract/model/flags.ts';
import { indexNames, tableNames } from '#core/contract/platform/names.ts';
import { overrideOf } from '#core/flags/override.ts';
import { keys, overrideSortPrefix } from '#core/keys.ts';
import { reader } from '#stores/aws/clients.ts';
import { getItem } from '#stores/aws/get-item.ts';
import { type Page, queryAll, queryPage } from '#stores/aws/pages.ts';

const TableName = tableNames.flags;

/** A tenant's overrides, from its own partition. */
export const readOverrides = async (tenantId: string): Promise<Override[]> => {
  const found: Override[] = [];
  const items = queryAll({
    TableName,
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: { ':pk': keys.tenant(tenantId).pk, ':prefix': overrideSortPrefix },
  });
  for await (const item of items) found.push(overrideOf(item));
  return found;
};

export const findOverride = async (tenantId: string, flagKey: string): Promise<Override | undefined> => {
  const item = await getItem(reader(), 'flags', keys.override(tenantId, flagKey));
  return item && overrideOf(item);
};

const byFlag = (flagKey: string) => ({
  TableName,
  IndexName: indexNames.byFlag,
  KeyConditionExpression: 'flagKey = :flagKey',
  ExpressionAttributeValues: { ':flagKey': flagKey },
});

/** The overrides of one flag, in the order of the tenants. */
export const listOverrides = (flagKey: string, limit: number, cursor: string | undefined): Promise<Page<Override>> =>
  queryPage({
    query: byFlag(flagKey),
    limit,
    cursor,
    startKey: (tenantId) => ({ ...keys.override(tenantId, flagKey), flagKey, tenantId }),
    positionOf: (item) => String(item['tenantId']),
    match: overrideOf,
  });

/** Tenant → flag → variant, for every override of these flags; the index may lag by some milliseconds. */
export const overridesOfFlags = async (flagKeys: readonly string[]): Promise<Map<string, Record<string, string>>> => {
  const found = new Map<string, Record<string, string>>();
  await Promise.all(
    flagKeys.map(async (flagKey) => {
      for await (const item of queryAll(byFlag(flagKey))) {
        const { tenantId, variant } = overrideOf(item);
        found.set(tenantId, { ...found.get(tenantId), [flagKey]: variant });
      }
    }),
  );
  return found;
};
