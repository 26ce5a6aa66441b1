import type { PropertyFilterProps } from '@cloudscape-design/components/property-filter';
import { sortOrders } from '#core/contract/api/http.ts';
import type { RequestQuery } from '#core/contract/api/routes.ts';
import { isTenantStatus, tenantSorts } from '#core/contract/model/tenant.ts';

export type TenantQuery = Pick<RequestQuery<'listTenants'>, 'status' | 'tier' | 'shard' | 'q'>;
export type TenantOrder = Pick<RequestQuery<'listTenants'>, 'sort' | 'order'>;

/** The sort order in the URL; by default, by creation time. */
export const tenantOrderOf = (address: URLSearchParams): TenantOrder => ({
  sort: tenantSorts.find((sort) => sort === address.get('sort')) ?? 'createdAt',
  order: sortOrders.find((order) => order === address.get('order')) ?? 'asc',
});

/** Converts the filter's tokens to an API query; the last token of a property wins. */
export const tenantQueryOf = (tokens: readonly PropertyFilterProps.Token[]): TenantQuery =>
  tokens.reduce<TenantQuery>((query, { propertyKey = 'q', value }) => withToken(query, propertyKey, String(value)), {});

const withToken = (query: TenantQuery, property: string, value: string): TenantQuery => {
  switch (property) {
    case 'status':
      return isTenantStatus(value) ? { ...query, status: value } : query;
    case 'tier':
    case 'shard':
    case 'q':
      return value === '' ? query : { ...query, [property]: value };
    default:
      return query;
  }
};

/** Writes the filter to the URL, so that results can be shared. */
export const tokensOf = (address: URLSearchParams): PropertyFilterProps.Token[] =>
  ['status', 'tier', 'shard', 'q'].flatMap((property) => {
    const value = address.get(property);
    if (value === null) return [];
    return property === 'q' ? [{ value, operator: ':' }] : [{ propertyKey: property, value, operator: '=' }];
  });
