import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import type { AccessFacts } from '#core/access/in-service.ts';
import type { Item } from '#core/change.ts';
import type { SortOrder } from '#core/contract/api/http.ts';
import type { Actor } from '#core/contract/events/catalogue.ts';
import { type TenantSort, type TenantStatus, tenantIdSchema } from '#core/contract/model/tenant.ts';
import { indexNames, tableNames } from '#core/contract/platform/names.ts';
import { keys, userSortPrefix } from '#core/keys.ts';
import type { StoredRequest } from '#core/operation/repeated-request.ts';
import { type SecretRecord, secretRecordOf } from '#core/secrets/secret-record.ts';
import { type TenantRecord, tenantOf, userOf } from '#core/tenant/tenant-record.ts';
import { reader } from '#stores/aws/clients.ts';
import { getItem } from '#stores/aws/get-item.ts';
import { type Page, queryPage } from '#stores/aws/pages.ts';

const TableName = tableNames.tenants;

/** What decides whether a token is still good, in one read: its tenant, and the user that it names, if it names one. */
export const readAccessFacts = async (tenantId: string, userId: string | undefined): Promise<AccessFacts> => {
  const Keys = [keys.tenant(tenantId), ...(userId === undefined ? [] : [keys.user(tenantId, userId)])];
  const { Responses = {} } = await reader().send(
    new BatchGetCommand({ RequestItems: { [TableName]: { Keys, ConsistentRead: true } } }),
  );
  const items = (Responses[TableName] ?? []) as Item[];
  const tenant = items.find(({ sk }) => sk === 'TENANT');
  const user = items.find(({ sk }) => sk.startsWith(userSortPrefix));
  return { tenant: tenant && tenantOf(tenant), user: user && userOf(user) };
};

/** The tenant of an id or a slug; `undefined` where there is none. */
export const findTenant = async (reference: string): Promise<TenantRecord | undefined> => {
  const tenantId = tenantIdSchema.safeParse(reference).success ? reference : await tenantIdOfSlug(reference);
  const item = tenantId === undefined ? undefined : await getItem(reader(), 'tenants', keys.tenant(tenantId));
  return item && tenantOf(item);
};

const tenantIdOfSlug = async (slug: string) =>
  (await getItem(reader(), 'tenants', keys.slug(slug)))?.['tenantId'] as string | undefined;

/** What is remembered of the tenant's secret; `undefined` before its first rotation. */
export const readSecretRecord = async (tenantId: string): Promise<SecretRecord | undefined> => {
  const item = await getItem(reader(), 'tenants', keys.secret(tenantId));
  return item && secretRecordOf(item);
};

/** What was answered to the first request with this key. */
export const findRequest = async (actor: Actor, idempotencyKey: string) =>
  (await getItem(reader(), 'tenants', keys.request(actor, idempotencyKey))) as (Item & StoredRequest) | undefined;

export interface TenantFilter {
  status?: TenantStatus | undefined;
  tier?: string | undefined;
  shard?: string | undefined;
  /** Found in slug, name or external id, whatever the case. */
  q?: string | undefined;
  onboardedBy?: string | undefined;
}

interface TenantOrder {
  sort: TenantSort;
  order: SortOrder;
}

/** Tenants that match, by an index whose order is the one asked for; of those, the narrowest the filter allows. */
export const listTenants = (
  filter: TenantFilter,
  { sort, order, limit, cursor }: TenantOrder & { limit: number; cursor?: string | undefined },
): Promise<Page<TenantRecord>> => {
  const [index, partition, value] = sort === 'slug' ? wholeRegistry(indexNames.bySlug) : indexFor(filter);
  return queryPage({
    query: {
      TableName,
      IndexName: index,
      ScanIndexForward: order === 'asc',
      KeyConditionExpression: '#partition = :value',
      ExpressionAttributeNames: { '#partition': partition },
      ExpressionAttributeValues: { ':value': value },
    },
    limit,
    cursor,
    startKey: (position) => ({ ...places[sort].keyAt(position), [partition]: value }),
    positionOf: (item) => places[sort].positionOf(tenantOf(item)),
    match: (item) => (matches(tenantOf(item), filter) ? tenantOf(item) : undefined),
  });
};

/** What tells a tenant's place in the list. A slug alone does not: a tenant that failed gave its slug free. */
const places = {
  createdAt: {
    positionOf: ({ tenantId }: TenantRecord) => tenantId,
    keyAt: (tenantId: string) => ({ ...keys.tenant(tenantId), itemId: tenantId }),
  },
  slug: {
    positionOf: ({ slug, tenantId }: TenantRecord) => `${slug}#${tenantId}`,
    keyAt: (position: string) => {
      const [slug = '', tenantId = ''] = position.split('#');
      return { ...keys.tenant(tenantId), slug };
    },
  },
} as const satisfies Record<TenantSort, unknown>;

const indexFor = ({ onboardedBy, shard, status }: TenantFilter): [string, string, string] => {
  if (onboardedBy !== undefined) return [indexNames.byOnboarder, 'onboardedBy', onboardedBy];
  if (shard !== undefined) return [indexNames.byShard, 'shardKey', `SHARD#${shard}`];
  if (status !== undefined) return [indexNames.byStatus, 'statusKey', `TENANT#${status}`];
  return wholeRegistry(indexNames.byEntity);
};

const wholeRegistry = (index: string): [string, string, string] => [index, 'entity', 'TENANT'];

const matches = (tenant: TenantRecord, { status, tier, shard, q, onboardedBy }: TenantFilter) =>
  (status === undefined || tenant.status === status) &&
  (tier === undefined || tenant.tier === tier) &&
  (shard === undefined || tenant.placement?.shardId === shard) &&
  (onboardedBy === undefined || tenant.onboardedBy === onboardedBy) &&
  (q === undefined ||
    [tenant.slug, tenant.name, tenant.externalId].some((text) => text?.toLowerCase().includes(q.toLowerCase())));
