import { assertTenantInService } from '#core/access/in-service.ts';
import { AppError } from '#core/contract/api/errors.ts';
import type { FlagEvent } from '#core/contract/api/ofrep.ts';
import { tenantOfTicket } from '#core/flags/stream-ticket.ts';
import { eventStream, type ServerSentEvent } from '#functions/shell/event-stream.ts';
import { now } from '#stores/aws/clock.ts';
import { readTicketKey } from '#stores/flags/ticket-key.ts';
import { findTenant } from '#stores/registry/tenants.ts';
import { watchFlags } from './flag-watch.ts';

const refetch = (etag: string): FlagEvent => ({ type: 'refetchEvaluation', etag });

/**
 * The first event is sent at once, since the configuration may have changed before the stream was opened. A client that
 * reconnects has marked its values as stale: it gets an ETag that cannot match, so that it fetches all values again.
 */
async function* eventsOf(etags: AsyncIterable<string>, isResumed: boolean): AsyncGenerator<ServerSentEvent> {
  let isFirst = true;
  for await (const etag of etags) {
    yield { id: etag, data: refetch(isFirst && isResumed ? `${etag}.resumed` : etag) };
    isFirst = false;
  }
}

export const handler = eventStream('flag-events', async ({ query, headers, signal }) => {
  const tenantId = tenantOfTicket(query['ticket'] ?? '', await readTicketKey(), now());
  if (tenantId === undefined)
    throw new AppError('not_authenticated', 'The ticket of this stream is invalid or has expired.');
  assertTenantInService(await findTenant(tenantId));
  return eventsOf(watchFlags(tenantId, signal), headers['last-event-id'] !== undefined);
});
