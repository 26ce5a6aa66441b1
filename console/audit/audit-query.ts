import type { PropertyFilterProps } from '@cloudscape-design/components/property-filter';
import type { RequestQuery } from '#core/contract/api/routes.ts';
import { actionNames } from '#core/contract/events/catalogue.ts';

export type AuditQuery = Pick<RequestQuery<'listTenantAudit'>, 'actor' | 'action' | 'from' | 'to' | 'q'>;
type Token = Pick<PropertyFilterProps.Token, 'propertyKey' | 'operator' | 'value'>;

const momentOf = (value: unknown): string | undefined => {
  const moment = new Date(String(value));
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
};

const part = ({ propertyKey, operator, value }: Token): AuditQuery => {
  const text = String(value);
  switch (propertyKey) {
    case 'actor':
      return { actor: text };
    case 'action': {
      const action = actionNames.find((name) => name === text);
      return action ? { action } : {};
    }
    case 'time': {
      const moment = momentOf(value);
      return moment === undefined ? {} : { [operator === '<=' ? 'to' : 'from']: moment };
    }
    default:
      return text === '' ? {} : { q: text };
  }
};

/** Converts the filter's tokens to an API query; the last token of a property wins. */
export const auditQueryOf = (tokens: readonly Token[]): AuditQuery =>
  tokens.reduce<AuditQuery>((query, token) => ({ ...query, ...part(token) }), {});

/** Reads the filter from the URL, so that search results can be shared. */
export const auditTokensOf = (address: URLSearchParams): PropertyFilterProps.Token[] =>
  (
    [
      ['actor', 'actor', '='],
      ['action', 'action', '='],
      ['from', 'time', '>='],
      ['to', 'time', '<='],
      ['q', undefined, ':'],
    ] as const
  ).flatMap(([name, propertyKey, operator]) => {
    const value = address.get(name);
    if (value === null) return [];
    return [{ operator, value, ...(propertyKey !== undefined && { propertyKey }) }];
  });
