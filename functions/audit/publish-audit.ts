import { auditEventOf, isAuditItem } from '#core/audit/audit-chain.ts';
import { type ItemChange, onItemChanges } from '#functions/shell/stream.ts';
import { archiveEvents } from '#stores/audit/audit-archive.ts';
import { publishEvents } from '#stores/aws/event-bus.ts';

/** Carries new audit events to the bus and the archive: at least once, in the order of the table's stream. */
export const publishAudit = async (changes: ItemChange[]): Promise<void> => {
  const added = changes.flatMap(({ kind, item, position }) =>
    kind === 'INSERT' && item && isAuditItem(item) ? [{ event: auditEventOf(item), position }] : [],
  );
  const [first] = added;
  if (!first) return;
  const audited = added.map(({ event }) => event);
  await Promise.all([publishEvents(audited), archiveEvents(audited, first.position)]);
};

export const handler = onItemChanges('publish-audit', publishAudit);
