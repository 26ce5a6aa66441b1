import type { TenantFacts } from '#core/contract/model/flags.ts';
import { indexNames, tableNames } from '#core/contract/platform/names.ts';
import { isServed } from '#core/flags/flips.ts';
import { recordOf } from '#core/keys.ts';
import { queryAll } from '#stores/aws/pages.ts';

export type ServedTenant = TenantFacts & { createdAt: string };

const TableName = tableNames.tenants;
const projected = ['tenantId', 'slug', 'tier', 'isolation', 'region', 'status', 'metadata', 'createdAt'] as const;

/** The facts of every tenant that receives flags, ordered by id, beginning after the tenant `after`. */
export async function* servedTenants(after?: string): AsyncGenerator<ServedTenant> {
  const items = queryAll({
    TableName,
    IndexName: indexNames.byEntity,
    KeyConditionExpression: `entity = :entity${after === undefined ? '' : ' AND itemId > :after'}`,
    ExpressionAttributeValues: { ':entity': 'TENANT', ...(after !== undefined && { ':after': after }) },
    ProjectionExpression: projected.map((name) => `#${name}`).join(', '),
    ExpressionAttributeNames: Object.fromEntries(projected.map((name) => [`#${name}`, name])),
  });
  for await (const item of items) {
    const tenant = recordOf(item) as ServedTenant;
    if (isServed(tenant)) yield tenant;
  }
}

/** How many tenants that is. */
export const countServedTenants = async (): Promise<number> => (await Array.fromAsync(servedTenants())).length;
