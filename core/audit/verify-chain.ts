import type { Item } from '#core/change.ts';
import type { AuditVerification } from '#core/contract/routes.ts';
import { type AuditHead, auditEventOf, auditItem, digest, emptyHead, hashOf } from './audit-chain.ts';

/**
 * Walks a stream's stored events, oldest first, and names the first that does not hold: a field changed,
 * an event missing, two events out of order, or an end that is not the recorded head. The head is read before the
 * events: what is appended meanwhile lies beyond it.
 */
export const verifyChain = async (
  items: AsyncIterable<Item>,
  head: AuditHead | undefined,
): Promise<AuditVerification> => {
  const expectedHead = head ?? emptyHead;
  let previous = emptyHead;
  for await (const item of items) {
    const seq = previous.seq + 1;
    if (item['seq'] !== seq) return fault(seq, previous.seq, await absenceOf(seq, item, items));
    const event = auditEventOf(item);
    if (event.hash !== hashOf(event) || digest(auditItem(event)) !== digest(item)) {
      return fault(seq, previous.seq, { kind: 'changed', message: `event ${seq} is not what was written` });
    }
    if (event.prevHash !== previous.hash) {
      return fault(seq, previous.seq, {
        kind: 'changed',
        message: `event ${seq} does not follow event ${previous.seq}`,
      });
    }
    if (seq === expectedHead.seq && event.hash !== expectedHead.hash) {
      return fault(seq, previous.seq, { kind: 'head', message: `event ${seq} is not the one the recorded head names` });
    }
    previous = { seq, hash: event.hash, time: event.time };
  }
  if (expectedHead.seq > previous.seq) {
    const first = previous.seq + 1;
    return fault(first, previous.seq, { kind: 'missing', message: `event ${first} is missing from the end` });
  }
  if (expectedHead.seq === 0 && previous.seq > 0) {
    return fault(previous.seq, previous.seq, { kind: 'head', message: 'the stream has events but no recorded head' });
  }
  return { valid: true, events: previous.seq };
};

type FaultWords = Pick<NonNullable<AuditVerification['fault']>, 'kind' | 'message'>;

const fault = (seq: number, events: number, words: FaultWords): AuditVerification => ({
  valid: false,
  events,
  fault: { seq, ...words },
});

/** Tells an event that stands elsewhere from one that is gone. */
const absenceOf = async (seq: number, found: Item, rest: AsyncIterable<Item>): Promise<FaultWords> => {
  for await (const item of rest) {
    if (item['seq'] === seq) {
      return { kind: 'reordered', message: `event ${String(found['seq'])} stands where event ${seq} should` };
    }
  }
  return { kind: 'missing', message: `event ${seq} is missing` };
};
