import type { IncomingMessage } from 'node:http';
import { AppError } from '#core/contract/api/errors.ts';
import type { Claims } from '#local/tokens.ts';

const asText = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(asText).join(' ')}]`;
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** API Gateway's authorizer hands every claim on as text: `3` → `"3"`, `['a', 'b']` → `"[a b]"`. */
const claimsAsText = (claims: Claims): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, asText(value)]));

/** A request's claims by its bearer token; throws `not_authenticated` and never says what was wrong with it. */
export async function authenticate({ headers }: IncomingMessage, verify: (token: string) => Promise<Claims>) {
  const token = /^Bearer +([^ ]+)$/i.exec(headers.authorization ?? '')?.[1];
  if (token === undefined) throw new AppError('not_authenticated', 'A bearer token is needed.');
  try {
    return claimsAsText(await verify(token));
  } catch (error) {
    throw new AppError('not_authenticated', 'The bearer token is not valid.', { cause: error });
  }
}
