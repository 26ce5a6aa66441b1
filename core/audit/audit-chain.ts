import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { AuditDraft, Cause, Item } from '#core/change.ts';
import type { AuditEvent } from '#core/contract/events/catalogue.ts';
import { auditPartition } from '#core/keys.ts';

/** The end of a stream's chain: what the next event must follow. */
export interface AuditHead {
  seq: number;
  hash: string;
  time: string;
}

/** Every chain begins after this. */
export const emptyHead: AuditHead = { seq: 0, hash: '0'.repeat(64), time: '' };

/** SHA-256, in hex, over the RFC 8785 form of a value. */
export const digest = (value: unknown) =>
  createHash('sha256')
    .update(canonicalize(value) ?? '')
    .digest('hex');

/** The hash that the event must carry: over all its fields but the hash itself. */
export const hashOf = ({ hash: _hash, ...fields }: AuditEvent) => digest(fields);

/**
 * Gives each draft its place in the chain after `head`. Times never go back along a chain,
 * whatever the clocks of the writers say, so that order by time is order by `seq`.
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

/** Ten digits keep the order of strings that of numbers for 9,999,999,999 events of one instant and stream. */
const sortKey = (time: string, seq: number) => `${time}#${String(seq).padStart(10, '0')}`;

/** DynamoDB takes sort keys of 1,024 bytes; what is longer than this stands by its hash. */
const longestActor = 512;

/** An actor's id may hold a `#`: encoded, none is the beginning of another. */
const actorName = (actorId: string) => {
  const encoded = encodeURIComponent(actorId.toWellFormed());
  return encoded.length <= longestActor ? encoded : digest(actorId);
};

/** What the sort keys of the indexes begin with. */
export const auditPrefixes = {
  actionKey: (action: string) => `${action}#`,
  actorKey: (actorId: string) => `${actorName(actorId)}#`,
} as const;

/** The event as it is stored: its own fields and the keys made from them. */
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

/** Whether a stored item is an event: their keys begin with a time, those of all else with a word. */
export const isAuditItem = ({ sk }: Item) => /^\d/.test(sk);

/** The stored item without its keys. */
export const auditEventOf = ({ pk: _pk, sk: _sk, actionKey: _action, actorKey: _actor, ...event }: Item) =>
  event as unknown as AuditEvent;
