import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AuditHead,
  auditEventOf,
  auditItem,
  chainEvents,
  digest,
  emptyHead,
  hashOf,
} from '#core/audit/audit-chain.ts';
import { auditEventSchema } from '#core/contract/events/catalogue.ts';
import { aCause, anAuditDraft, noon, tenantId } from '#test/builders.ts';

const instants = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());

/** One commit after the other, each by a writer with a clock of its own. */
const commits = (clocks: readonly string[], draftsEach = 1) => {
  let head: AuditHead = emptyHead;
  return clocks.flatMap((now) => {
    const chained = chainEvents(tenantId, head, aCause(), Array(draftsEach).fill(anAuditDraft()), now);
    head = chained.at(-1) ?? head;
    return chained;
  });
};

describe('a chain', () => {
  test('numbers its events from 1 without gaps, each linked to the previous one', () => {
    const chained = commits([noon, noon, noon], 2);
    expect(chained.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(chained.map(({ prevHash }) => prevHash)).toEqual([
      emptyHead.hash,
      ...chained.slice(0, -1).map(({ hash }) => hash),
    ]);
    expect(new Set(chained.map(({ id }) => id)).size).toBe(6);
  });

  test('records actor, action, request and stream of each event', () => {
    const cause = aCause({ actor: { type: 'service', id: 'activate' }, requestId: 'request-9' });
    const [event] = chainEvents(tenantId, emptyHead, cause, [anAuditDraft({ reason: 'because' })], noon);
    expect(event).toMatchObject({ ...cause, tenantId, time: noon, action: 'tenant.activated', reason: 'because' });
    expect(auditEventSchema.strict().parse(event)).toEqual(event);
  });

  test('continues after the given head', () => {
    const head = { seq: 41, hash: 'e'.repeat(64), time: noon };
    expect(chainEvents(tenantId, head, aCause(), [anAuditDraft()], noon)).toMatchObject([
      { seq: 42, prevHash: head.hash },
    ]);
  });

  test('without drafts is empty', () => {
    expect(chainEvents(tenantId, emptyHead, aCause(), [], noon)).toEqual([]);
  });

  test('never goes back in time, even if the writers’ clocks differ, and is stored in order', () => {
    fc.assert(
      fc.property(fc.array(instants, { minLength: 1, maxLength: 12 }), (clocks) => {
        const items = commits(clocks, 2).map(auditItem);
        expect(items.map(({ time }) => time)).toEqual(items.map(({ time }) => time).toSorted());
        expect(items.map(({ sk }) => sk)).toEqual(items.map(({ sk }) => sk).toSorted());
        expect(items.at(-1)?.time).toBe(clocks.toSorted().at(-1));
      }),
    );
  });

  test('is stored in order beyond ten thousand events of one instant', () => {
    const head = { seq: 9_999, hash: emptyHead.hash, time: noon };
    const items = chainEvents(tenantId, head, aCause(), [anAuditDraft(), anAuditDraft()], noon).map(auditItem);
    expect(items.map(({ sk }) => sk).toSorted()).toEqual(items.map(({ sk }) => sk));
  });
});

describe('the hash of an event', () => {
  const [event] = commits([noon]);

  test('covers every field except itself', () => {
    expect(event?.hash).toBe(hashOf(event!));
    expect(hashOf({ ...event!, hash: '' })).toBe(event?.hash);
    for (const field of Object.keys(event!).filter((name) => name !== 'hash')) {
      expect(hashOf({ ...event!, [field]: 'other' })).not.toBe(event?.hash);
    }
  });

  test('does not depend on the order of fields, which storage may change', () => {
    const reversed = Object.fromEntries(Object.entries(event!).toReversed());
    expect(hashOf(reversed as typeof event & object)).toBe(event?.hash);
  });

  test('is SHA-256 over the RFC 8785 form', () => {
    // printf '{"a":[1,"é"],"b":true}' | sha256sum
    expect(digest({ b: true, a: [1, 'é'] })).toBe('3b1b7e9f099d9a79d025fe8edb15c0f2d3ae22f18d4263975a398fd0fd74858e');
  });
});

describe('a stored event', () => {
  test('is indexed by stream, action and actor', () => {
    const [item] = commits([noon]).map(auditItem);
    expect(item).toMatchObject({
      pk: `TENANT#${tenantId}`,
      sk: `${noon}#0000000001`,
      actionKey: `tenant.activated#${noon}#0000000001`,
      actorKey: `ada#${noon}#0000000001`,
    });
  });

  test('of the platform has its own partition', () => {
    const [event] = chainEvents('SYSTEM', emptyHead, aCause(), [anAuditDraft()], noon);
    expect(auditItem(event!).pk).toBe('SYSTEM');
  });

  test('is read back unchanged', () => {
    const [event] = commits([noon]);
    expect(auditEventOf(auditItem(event!))).toEqual(event);
  });
});
