import type { PropertyFilterProps } from '@cloudscape-design/components/property-filter';
import type { RequestQuery } from '#core/contract/api/routes.ts';
import { operationStatuses } from '#core/contract/model/operation.ts';
import { operationKindNames } from '#core/operation/kinds.ts';

export type OperationQuery = Pick<RequestQuery<'listAllOperations'>, 'kind' | 'status' | 'tenant'>;
type Token = Pick<PropertyFilterProps.Token, 'propertyKey' | 'value'>;

/** Converts the filter's tokens to an API query; the last token of a property wins, and free text names a tenant. */
export const operationQueryOf = (tokens: readonly Token[]): OperationQuery =>
  tokens.reduce<OperationQuery>((query, token) => ({ ...query, ...part(token) }), {});

const part = ({ propertyKey = 'tenant', value }: Token): OperationQuery => {
  const text = String(value);
  const kind = operationKindNames.find((name) => name === text);
  const status = operationStatuses.find((name) => name === text);
  if (propertyKey === 'kind') return kind ? { kind } : {};
  if (propertyKey === 'status') return status ? { status } : {};
  return text === '' ? {} : { tenant: text };
};

/** Reads the filter from the URL, so that search results can be shared. */
export const operationTokensOf = (address: URLSearchParams): PropertyFilterProps.Token[] =>
  ['kind', 'status', 'tenant'].flatMap((propertyKey) => {
    const value = address.get(propertyKey);
    return value === null ? [] : [{ propertyKey, value, operator: '=' }];
  });
