import { createHmac, timingSafeEqual } from 'node:crypto';

/** Tickets of one window are identical, so that a client that refetches keeps its stream. */
const windowSeconds = 900;

const signatureOf = (payload: string, key: string) => createHmac('sha256', key).update(payload).digest('base64url');

/**
 * A ticket for a tenant's event stream, since a browser's EventSource cannot send an Authorization header. It is valid
 * for 15 to 30 minutes, and only for this stream. `now` is in milliseconds since 1970.
 */
export const streamTicket = (tenantId: string, key: string, now: number): string => {
  const expiresAt = (Math.floor(now / 1000 / windowSeconds) + 2) * windowSeconds;
  const payload = `${tenantId}.${expiresAt}`;
  return `${payload}.${signatureOf(payload, key)}`;
};

/** The tenant of a ticket; `undefined` if it has expired or was not signed with the key. */
export const tenantOfTicket = (ticket: string, key: string, now: number): string | undefined => {
  const [tenantId, expiresAt, signature, ...rest] = ticket.split('.');
  if (tenantId === undefined || expiresAt === undefined || signature === undefined || rest.length > 0) return undefined;
  const expected = Buffer.from(signatureOf(`${tenantId}.${expiresAt}`, key));
  const actual = Buffer.from(signature);
  const isAuthentic = expected.length === actual.length && timingSafeEqual(expected, actual);
  return isAuthentic && Number(expiresAt) * 1000 > now ? tenantId : undefined;
};
