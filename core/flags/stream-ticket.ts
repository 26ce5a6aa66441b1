import { createHmac, timingSafeEqual } from 'node:crypto';

/** Tickets of one window are alike, so that a client that asks again keeps the stream it has. */
const windowSeconds = 900;

const signatureOf = (payload: string, key: string) => createHmac('sha256', key).update(payload).digest('base64url');

/**
 * What opens a tenant's stream of events, in place of the header that a browser's EventSource cannot send: good for 15
 * to 30 minutes, for this tenant, and for nothing else. `now` is in milliseconds since 1970.
 */
export const streamTicket = (tenantId: string, key: string, now: number): string => {
  const expiresAt = (Math.floor(now / 1000 / windowSeconds) + 2) * windowSeconds;
  const payload = `${tenantId}.${expiresAt}`;
  return `${payload}.${signatureOf(payload, key)}`;
};

/** The tenant of a ticket; `undefined` for one that has expired or that was not made with the key. */
export const tenantOfTicket = (ticket: string, key: string, now: number): string | undefined => {
  const [tenantId, expiresAt, signature, ...rest] = ticket.split('.');
  if (tenantId === undefined || expiresAt === undefined || signature === undefined || rest.length > 0) return undefined;
  const expected = Buffer.from(signatureOf(`${tenantId}.${expiresAt}`, key));
  const given = Buffer.from(signature);
  const isOurs = expected.length === given.length && timingSafeEqual(expected, given);
  return isOurs && Number(expiresAt) * 1000 > now ? tenantId : undefined;
};
