import { auditEventOf, isAuditItem } from '#core/audit/audit-chain.ts';
import { type NewItem, onNewItems } from '#functions/shell/stream.ts';
import { archiveEvents } from '#stores/audit-archive.ts';
import { publishEvents } from '#stores/event-bus.ts';

/** Carries new audit events to the bus and the archive: at least once, in the order of the table's stream. */
export const publishAudit = async (items: NewItem[]): Promise<void> => {
  const added = items.filter(({ item }) => isAuditItem(item));
  const [first] = added;
  if (!first) return;
  const audited = added.map(({ item }) => auditEventOf(item));
  await Promise.all([publishEvents(audited), archiveEvents(audited, first.position)]);
};

export const handler = onNewItems('publish-audit', publishAudit);
