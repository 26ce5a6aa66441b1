import type { Item } from '#core/change.ts';
import type { AuditVerification } from '#core/contract/api/audit-query.ts';
import { type AuditHead, auditEventOf, auditItem, digest, emptyHead, hashOf } from './audit-chain.ts';

/**
 * Verifies a stream's stored events, oldest first, and reports the first fault: a changed field, a missing event, two
 * events out of order, or an end that is not the recorded head. The head is read before and after: no event may be
 * missing up to the earlier head, and none may follow the later one. Events appended meanwhile lie between the two.
 */
export const verifyChain = async (
  items: AsyncIterable<Item>,
  readHead: () => Promise<AuditHead | undefined>,
): Promise<AuditVerification> => {
  const earlier = (await readHead()) ?? emptyHead;
  let previous = emptyHead;
  for await (const item of items) {
    const seq = previous.seq + 1;
    const event = auditEventOf(item);
    if (event.hash !== hashOf(event) || digest(auditItem(event)) !== digest(item)) {
      return fault(seq, previous.seq, { kind: 'changed', message: `event ${seq} has been changed` });
    }
    if (event.seq !== seq) return fault(seq, previous.seq, await absenceOf(seq, event.seq, items));
    if (event.prevHash !== previous.hash) {
      const message = `event ${seq} does not follow event ${previous.seq}`;
      return fault(seq, previous.seq, { kind: 'changed', message });
    }
    previous = { seq, hash: event.hash, time: event.time };
  }
  if (earlier.seq > previous.seq) {
    const first = previous.seq + 1;
    return fault(first, previous.seq, { kind: 'missing', message: `event ${first} is missing from the end` });
  }
  const { seq, hash, time } = (await readHead()) ?? emptyHead;
  const isItsHead = seq === previous.seq && hash === previous.hash && time === previous.time;
  if (seq > previous.seq || isItsHead) return { valid: true, events: previous.seq };
  const message = `the recorded head is not that of event ${previous.seq}`;
  return fault(previous.seq, previous.seq, { kind: 'head', message });
};

type FaultDetails = Pick<NonNullable<AuditVerification['fault']>, 'kind' | 'message'>;

const fault = (seq: number, events: number, details: FaultDetails): AuditVerification => ({
  valid: false,
  events,
  fault: { seq, ...details },
});

/** Distinguishes a reordered event from a missing one. */
const absenceOf = async (seq: number, found: number, rest: AsyncIterable<Item>): Promise<FaultDetails> => {
  const reordered: FaultDetails = {
    kind: 'reordered',
    message: `event ${found} is in the place of event ${seq}`,
  };
  if (found < seq) return reordered;
  for await (const item of rest) if (item['seq'] === seq) return reordered;
  return { kind: 'missing', message: `event ${seq} is missing` };
};
