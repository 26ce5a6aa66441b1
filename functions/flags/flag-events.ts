import { AppError } from '#core/contract/api/errors.ts';
import type { FlagEvent } from '#core/contract/api/ofrep.ts';
import { tenantOfTicket } from '#core/flags/stream-ticket.ts';
import { eventStream, type ServerSentEvent } from '#functions/shell/event-stream.ts';
import { readTicketKey } from '#stores/flags/ticket-key.ts';
import { watchFlags } from './flag-watch.ts';

const refetch = (etag: string): FlagEvent => ({ type: 'refetchEvaluation', etag });

/**
 * The first event is sent at once: between the answer that named the stream and its opening something may have
 * changed. A client that was cut off has told its application that its values are stale; so that it can tell it
 * otherwise, it is told of a configuration that is not the one in force, to which 304 is no answer.
 */
async function* eventsOf(etags: AsyncIterable<string>, isResumed: boolean): AsyncGenerator<ServerSentEvent> {
  let isFirst = true;
  for await (const etag of etags) {
    yield { id: etag, data: refetch(isFirst && isResumed ? `${etag}.resumed` : etag) };
    isFirst = false;
  }
}

export const handler = eventStream('flag-events', async ({ query, headers, signal }) => {
  const tenantId = tenantOfTicket(query['ticket'] ?? '', await readTicketKey(), Date.now());
  if (tenantId === undefined)
    throw new AppError('not_authenticated', 'The ticket of the stream is not good, or no longer.');
  return eventsOf(watchFlags(tenantId, signal), headers['last-event-id'] !== undefined);
});
