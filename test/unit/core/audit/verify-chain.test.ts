import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AuditHead, auditItem, chainEvents, emptyHead } from '#core/audit/audit-chain.ts';
import { verifyChain } from '#core/audit/verify-chain.ts';
import type { AuditDraft, Item } from '#core/change.ts';
import { type AuditEvent, actionNames } from '#core/contract/events/catalogue.ts';
import { aCause, aChain, anAuditDraft, awkward, later, tenantId } from '#test/builders.ts';

type StoredEvent = Item & AuditEvent;

const headOf = (items: readonly StoredEvent[]): AuditHead => {
  const { seq, hash, time } = items.at(-1) ?? emptyHead;
  return { seq, hash, time };
};

async function* walk(items: readonly Item[]) {
  yield* items;
}

const verify = (items: readonly Item[], head: AuditHead | undefined) => verifyChain(walk(items), async () => head);

const text = fc.string({ unit: fc.constantFrom(...awkward) });
const names = fc.stringMatching(/^[a-z][A-Za-z0-9._-]{0,8}$/);
const numbers = fc.oneof(fc.integer(), fc.double({ noNaN: true, min: -1e15, max: 1e15 }));
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 2 },
    text,
    numbers,
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(names, tie('json'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));
const fields = fc.dictionary(names, json, { maxKeys: 3, noNullPrototype: true }) as fc.Arbitrary<
  NonNullable<AuditDraft['before']>
>;
const drafts = fc.record(
  {
    action: fc.constantFrom(...actionNames),
    target: fc.record({ type: text, id: text }),
    before: fields,
    after: fields,
    reason: text,
    operationId: text,
  },
  { requiredKeys: ['action', 'target'] },
);
const chains = (minLength: number) => fc.array(drafts, { minLength, maxLength: 8 }).map(aChain);
/** A chain and the place of one of its events. */
const places = (minLength = 1) =>
  chains(minLength).chain((items) => fc.record({ items: fc.constant(items), at: fc.nat(items.length - 1) }));

describe('an untouched chain', () => {
  test('of any content is valid, as read from the table', async () => {
    await fc.assert(
      fc.asyncProperty(chains(0), async (items) => {
        const stored = items.map((item) => unmarshall(marshall(item, { removeUndefinedValues: true })) as Item);
        expect(await verify(stored, headOf(items))).toEqual({ valid: true, events: items.length });
      }),
    );
  });

  test('without events is valid, without a head', async () => {
    expect(await verify([], undefined)).toEqual({ valid: true, events: 0 });
  });

  test('is valid while events are appended during verification', async () => {
    const items = aChain(Array(6).fill(anAuditDraft()));
    for (const walked of [3, 4, 5, 6]) {
      const heads = [headOf(items.slice(0, 3)), headOf(items)];
      const verification = await verifyChain(walk(items.slice(0, walked)), async () => heads.shift());
      expect(verification).toEqual({ valid: true, events: walked });
    }
  });

  test('is valid if its first event is written during verification', async () => {
    const items = aChain([anAuditDraft()]);
    const heads = [undefined, headOf(items)];
    expect(await verifyChain(walk(items), async () => heads.shift())).toEqual({ valid: true, events: 1 });
  });
});

/** Every scalar of a value, as the keys that lead to it. */
const leavesOf = (value: unknown, path: readonly string[] = []): string[][] =>
  typeof value === 'object' && value !== null && Object.keys(value).length > 0
    ? Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]))
    : [[...path]];

const changedAt = (value: unknown, [key, ...rest]: readonly string[]): unknown => {
  if (key === undefined) return value === 'changed' ? 'changed again' : 'changed';
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) };
  return Object.assign(copy, { [key]: changedAt((value as Record<string, unknown>)[key], rest) });
};

describe('a change to one event', () => {
  test('is reported, for every event and every field', async () => {
    await fc.assert(
      fc.asyncProperty(places(), async ({ items, at }) => {
        for (const leaf of leavesOf(items[at])) {
          const tampered = items.with(at, changedAt(items[at], leaf) as StoredEvent);
          expect(await verify(tampered, headOf(items)), leaf.join('.')).toMatchObject({
            valid: false,
            events: at,
            fault: { kind: 'changed', seq: at + 1, message: `event ${at + 1} has been changed` },
          });
        }
      }),
      { numRuns: 40 },
    );
  });

  test('is reported if a field is removed', async () => {
    const items = aChain(Array(3).fill(anAuditDraft({ reason: 'because', after: { name: 'Acme' } })));
    for (const field of Object.keys(items[1]!)) {
      const { [field]: _gone, ...rest } = items[1]!;
      const tampered = items.with(1, rest as StoredEvent);
      expect(await verify(tampered, headOf(items)), field).toMatchObject({ fault: { kind: 'changed', seq: 2 } });
    }
  });

  test('is reported if a field is added', async () => {
    const items = aChain(Array(3).fill(anAuditDraft()));
    const tampered = items.with(1, { ...items[1]!, approvedBy: 'mallory' });
    expect(await verify(tampered, headOf(items))).toMatchObject({ fault: { kind: 'changed', seq: 2 } });
  });

  test('is reported even if its hash was recomputed: the next event does not follow it', async () => {
    const items = aChain(Array(3).fill(anAuditDraft()));
    const [forged] = chainEvents(
      tenantId,
      headOf(items.slice(0, 1)),
      aCause(),
      [anAuditDraft({ reason: 'forged' })],
      later,
    );
    const tampered = items.with(1, auditItem(forged!));
    expect(await verify(tampered, headOf(items))).toMatchObject({
      fault: { kind: 'changed', seq: 3, message: 'event 3 does not follow event 2' },
    });
  });

  test('is reported even if it is the last and its hash was recomputed: the head does not match', async () => {
    const items = aChain(Array(3).fill(anAuditDraft()));
    const [forged] = chainEvents(
      tenantId,
      headOf(items.slice(0, 2)),
      aCause(),
      [anAuditDraft({ reason: 'forged' })],
      later,
    );
    const tampered = items.with(2, auditItem(forged!));
    expect(await verify(tampered, headOf(items))).toMatchObject({ fault: { kind: 'head', seq: 3 } });
  });
});

describe('a missing event', () => {
  test('is reported, whether first, in between or last', async () => {
    await fc.assert(
      fc.asyncProperty(places(), async ({ items, at }) => {
        expect(await verify(items.toSpliced(at, 1), headOf(items))).toMatchObject({
          valid: false,
          events: at,
          fault: { kind: 'missing', seq: at + 1, message: expect.stringContaining(`event ${at + 1} is missing`) },
        });
      }),
    );
  });

  test('is reported as the first of many', async () => {
    const items = aChain(Array(5).fill(anAuditDraft()));
    expect(await verify(items.slice(0, 2), headOf(items))).toMatchObject({
      events: 2,
      fault: { kind: 'missing', seq: 3 },
    });
    expect(await verify([], headOf(items))).toMatchObject({ events: 0, fault: { kind: 'missing', seq: 1 } });
  });
});

const under = (key: Item, content: StoredEvent) => ({ ...content, sk: key.sk });

describe('two events swapped', () => {
  const pairs = places(2).chain(({ items, at }) =>
    fc.record({ items: fc.constant(items), one: fc.constant(at), other: fc.nat(items.length - 1) }),
  );
  const swaps = pairs.filter(({ one, other }) => one < other);

  test('in place are reported', async () => {
    await fc.assert(
      fc.asyncProperty(swaps, async ({ items, one, other }) => {
        const tampered = items.with(one, items[other]!).with(other, items[one]!);
        expect(await verify(tampered, headOf(items))).toMatchObject({
          valid: false,
          events: one,
          fault: {
            kind: 'reordered',
            seq: one + 1,
            message: `event ${other + 1} is in the place of event ${one + 1}`,
          },
        });
      }),
    );
  });

  test('in content, under the old keys, are reported', async () => {
    await fc.assert(
      fc.asyncProperty(swaps, async ({ items, one, other }) => {
        const tampered = items
          .with(one, under(items[one]!, items[other]!))
          .with(other, under(items[other]!, items[one]!));
        expect(await verify(tampered, headOf(items))).toMatchObject({ events: one, fault: { seq: one + 1 } });
      }),
    );
  });

  test('a duplicated event is reported', async () => {
    const items = aChain(Array(4).fill(anAuditDraft()));
    expect(await verify(items.toSpliced(3, 0, items[1]!), headOf(items))).toMatchObject({
      fault: { kind: 'reordered', seq: 4, message: 'event 2 is in the place of event 4' },
    });
    expect(await verify([...items, items[1]!], headOf(items))).toMatchObject({ fault: { kind: 'reordered', seq: 5 } });
  });
});

describe('the recorded head', () => {
  test('is reported if it was removed', async () => {
    const items = aChain(Array(3).fill(anAuditDraft()));
    expect(await verify(items, undefined)).toMatchObject({ events: 3, fault: { kind: 'head', seq: 3 } });
  });

  test('is reported if its hash or time was changed', async () => {
    const items = aChain(Array(3).fill(anAuditDraft()));
    for (const change of [{ hash: 'f'.repeat(64) }, { time: later }]) {
      expect(await verify(items, { ...headOf(items), ...change })).toMatchObject({ fault: { kind: 'head', seq: 3 } });
    }
  });

  test('is reported if it was set back to an earlier event', async () => {
    await fc.assert(
      fc.asyncProperty(places(2), async ({ items, at }) => {
        fc.pre(at < items.length - 1);
        expect(await verify(items, headOf(items.slice(0, at)))).toMatchObject({
          valid: false,
          fault: { kind: 'head', seq: items.length },
        });
      }),
    );
  });

  test('is reported if it was set forward: events before it are missing', async () => {
    const items = aChain(Array(3).fill(anAuditDraft()));
    expect(await verify(items, { ...headOf(items), seq: 5 })).toMatchObject({ fault: { kind: 'missing', seq: 4 } });
  });
});

test('the first of several faults is reported', async () => {
  const items = aChain(Array(6).fill(anAuditDraft()));
  const tampered = items.with(1, { ...items[1]!, reason: 'changed' }).toSpliced(4, 1);
  expect(await verify(tampered, undefined)).toMatchObject({ events: 1, fault: { kind: 'changed', seq: 2 } });
});
