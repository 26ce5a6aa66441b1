import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { AppError } from '#core/contract/api/errors.ts';
import type { AuditEvent } from '#core/contract/events/catalogue.ts';
import { busName, eventSource } from '#core/contract/platform/names.ts';
import { events } from './clients.ts';

/** EventBridge accepts at most ten entries per call. */
const entriesPerCall = 10;

/** Puts audit events on the bus, in order; throws unless all were accepted. */
export const publishEvents = async (audited: readonly AuditEvent[]): Promise<void> => {
  for (let from = 0; from < audited.length; from += entriesPerCall) {
    const Entries = audited.slice(from, from + entriesPerCall).map((event) => ({
      EventBusName: busName,
      Source: eventSource,
      DetailType: event.action,
      Time: new Date(event.time),
      Resources: [event.tenantId],
      Detail: JSON.stringify(event),
    }));
    const { FailedEntryCount = 0, Entries: results = [] } = await events.send(new PutEventsCommand({ Entries }));
    if (FailedEntryCount > 0) {
      const reason = results.find(({ ErrorCode }) => ErrorCode)?.ErrorMessage;
      throw new AppError('dependency_unavailable', `The event bus refused ${FailedEntryCount} events: ${reason}`);
    }
  }
};
