import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { AuditDraft, Cause, Item } from '#core/change.ts';
import type { AuditEvent } from '#core/contract/events/catalogue.ts';
import { auditPartition, recordOf } from '#core/keys.ts';

/** The end of a stream's chain, which the next event follows. */
export interface AuditHead {
  seq: number;
  hash: string;
  time: string;
}

/** The head of an empty chain. */
export const emptyHead: AuditHead = { seq: 0, hash: '0'.repeat(64), time: '' };

/** SHA-256, in hex, over the RFC 8785 form of a value. */
export const digest = (value: unknown) =>
  createHash('sha256')
    .update(canonicalize(value) ?? '')
    .digest('hex');

/** The hash of an event: over all its fields except the hash itself. */
export const hashOf = ({ hash: _hash, ...fields }: AuditEvent) => digest(fields);

/**
 * Chains the drafts to `head`. Times never go back along a chain, even if the writers' clocks differ, so that order by
 * time is order by `seq`.
 */
export const chainEvents = (
  stream: string,
  head: AuditHead,
  cause: Cause,
  drafts: readonly AuditDraft[],
  now: string,
): AuditEvent[] => {
  const time = now > head.time ? now : head.time;
  let previous = head;
  return drafts.map((draft) => {
    const seq = previous.seq + 1;
    const event: AuditEvent = {
      id: `${stream}:${seq}`,
      seq,
      tenantId: stream,
      time,
      ...cause,
      ...draft,
      prevHash: previous.hash,
      hash: '',
    };
    const chained = { ...event, hash: hashOf(event) };
    previous = { seq, hash: chained.hash, time };
    return chained;
  });
};

/** Ten digits: string order equals numeric order for up to 9,999,999,999 events of one stream. */
const sortKey = (time: string, seq: number) => `${time}#${String(seq).padStart(10, '0')}`;

/** DynamoDB limits sort keys to 1,024 bytes; longer actor ids are replaced by their hash. */
const maxActorLength = 512;

/** Encodes an actor's id, which may contain `#`, so that no encoded id plus `#` is a prefix of another. */
const actorName = (actorId: string) => {
  const encoded = encodeURIComponent(actorId.toWellFormed());
  return encoded.length <= maxActorLength ? encoded : digest(actorId);
};

/** Prefixes of the indexes' sort keys. */
export const auditPrefixes = {
  actionKey: (action: string) => `${action}#`,
  actorKey: (actorId: string) => `${actorName(actorId)}#`,
} as const;

/** The event as stored: its own fields and the keys derived from them. */
export const auditItem = (event: AuditEvent): Item & AuditEvent => {
  const sk = sortKey(event.time, event.seq);
  return {
    ...event,
    pk: auditPartition(event.tenantId),
    sk,
    actionKey: auditPrefixes.actionKey(event.action) + sk,
    actorKey: auditPrefixes.actorKey(event.actor.id) + sk,
  };
};

/** Whether a stored item is an event: only their sort keys begin with a digit. */
export const isAuditItem = ({ sk }: Item) => /^\d/.test(sk);

/** The stored item without its keys. */
export const auditEventOf = (item: Item) => recordOf(item) as AuditEvent;
