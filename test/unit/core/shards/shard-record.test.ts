import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Shard, ShardRegistration } from '#core/contract/model/shard.ts';
import { registerShard, type ServedRanges, shardOf, updateShard } from '#core/shards/shard-record.ts';
import { aDedicatedShard, aShard, aShardRegistration, later } from '#test/builders.ts';

const bounds = fc.tuple(fc.nat(12), fc.nat(12)).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));
const hashesOf = ({ from, to }: { from: number; to: number }) =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at);

const registered = (request: ShardRegistration, known: readonly Shard[] = [], ranges?: ServedRanges) =>
  registerShard({ request, known, ranges, now: later });

describe('a new shard', () => {
  test('begins open and empty, with the capacity of its class', () => {
    const shared = registered(aShardRegistration());
    expect(shared.shard).toMatchObject({ state: 'open', count: 0, capacity: 2_500, version: 1, createdAt: later });
    const { range: _range, ...dedicated } = aShardRegistration({ class: 'dedicated' });
    expect(registered(dedicated).shard.capacity).toBe(1);
    expect(registered(aShardRegistration({ capacity: 10 })).shard.capacity).toBe(10);
  });

  test('is put only where its name is free, and is listed with the shards', () => {
    expect(registered(aShardRegistration())).toMatchObject({
      stream: 'SYSTEM',
      writes: [
        {
          item: { pk: 'SHARD#shared-2', sk: 'SHARD', entity: 'SHARD', itemId: 'shared-2' },
          guard: { condition: { absent: true }, otherwise: { code: 'version_conflict' } },
        },
        { item: { pk: 'REGION#us-east-1', sk: 'RANGES' } },
      ],
      audit: [{ action: 'shard.changed', target: { type: 'shard', id: 'shared-2' }, after: { capacity: 2_500 } }],
    });
  });

  test('is read back as it was written', () => {
    const { shard, writes } = registered(aShardRegistration());
    expect(writes[0]?.kind === 'put' && shardOf(writes[0].item)).toEqual(shard);
  });
});

const register = (range: { from: number; to: number }, known = aShard(), change = {}) =>
  registered(aShardRegistration({ range, ...change }), [known]);

describe('a range', () => {
  test('that shares a single hash with another of the region is refused, naming the other', () => {
    fc.assert(
      fc.property(bounds, bounds, (range, taken) => {
        const shared = hashesOf(range).filter((hash) => hashesOf(taken).includes(hash));
        const registering = expect(() => register(range, aShard({ range: taken })));
        if (shared.length === 0) registering.not.toThrow();
        else
          registering.toThrow(
            expect.objectContaining({ code: 'version_conflict', message: expect.stringContaining('shared-1') }),
          );
      }),
    );
  });

  test('may touch another without sharing a hash', () => {
    const taken = aShard({ range: { from: 100, to: 199 } });
    expect(() => register({ from: 200, to: 300 }, taken)).not.toThrow();
    expect(() => register({ from: 0, to: 99 }, taken)).not.toThrow();
    expect(() => register({ from: 199, to: 300 }, taken)).toThrow();
    expect(() => register({ from: 0, to: 100 }, taken)).toThrow();
  });

  test('may be the same in another region', () => {
    expect(() => register({ from: 0, to: 65_535 }, aShard({ region: 'eu-west-1' }))).not.toThrow();
  });

  test('of a shard that is closed is still its own: the tenants it has are found by it', () => {
    expect(() => register({ from: 0, to: 65_535 }, aShard({ state: 'closed' }))).toThrow();
  });

  test('is no matter to clusters of single tenants', () => {
    const { range: _range, ...dedicated } = aShardRegistration({ class: 'dedicated' });
    expect(() => registered(dedicated, [aShard(), aDedicatedShard()])).not.toThrow();
    expect(() => register({ from: 0, to: 65_535 }, aDedicatedShard())).not.toThrow();
  });
});

describe('two shards that are added at once', () => {
  const { range: ofOne } = aShardRegistration({ range: { from: 0, to: 99 } });
  const ranges = { version: 4, served: [{ shardId: 'shared-1', ...ofOne! }] };

  test('meet at the ranges of their region, of which each expects the version it read', () => {
    const { writes } = registered(aShardRegistration({ range: { from: 100, to: 200 } }), [], ranges);
    expect(writes[1]).toMatchObject({
      item: {
        pk: 'REGION#us-east-1',
        version: 5,
        served: [...ranges.served, { shardId: 'shared-2', from: 100, to: 200 }],
      },
      guard: { condition: { equals: { version: 4 } }, otherwise: { code: 'version_conflict' } },
    });
    expect(registered(aShardRegistration()).writes[1]).toMatchObject({ guard: { condition: { absent: true } } });
  });

  test('are told apart by their ranges, also while the list does not yet show the other', () => {
    expect(() => registered(aShardRegistration({ range: { from: 99, to: 200 } }), [], ranges)).toThrow(
      expect.objectContaining({ code: 'version_conflict', message: expect.stringContaining('shared-1') }),
    );
  });

  test('do not meet where one is dedicated', () => {
    const { range: _range, ...dedicated } = aShardRegistration({ class: 'dedicated' });
    expect(registered(dedicated, [], ranges).writes).toHaveLength(1);
  });
});

describe('a change of a shard', () => {
  test('keeps what is not mentioned and writes only what may change, so that claims go on meanwhile', () => {
    const { shard, writes } = updateShard(aShard({ version: 4 }), { state: 'closed' }, later);
    expect(shard).toEqual(aShard({ version: 5, state: 'closed', updatedAt: later }));
    expect(writes).toMatchObject([
      {
        kind: 'update',
        set: { capacity: 100, state: 'closed', version: 5, updatedAt: later },
        guard: { condition: { equals: { version: 4 } }, otherwise: { code: 'version_conflict' } },
      },
    ]);
    expect(writes[0]).not.toHaveProperty('set.count');
  });

  test('may set the capacity below the tenants it has', () => {
    expect(updateShard(aShard({ count: 50 }), { capacity: 0 }, later).shard).toMatchObject({ capacity: 0, count: 50 });
  });

  test('has both sides in the audit stream of the platform', () => {
    expect(updateShard(aShard(), { capacity: 200 }, later)).toMatchObject({
      stream: 'SYSTEM',
      audit: [
        {
          action: 'shard.changed',
          before: { capacity: 100, state: 'open' },
          after: { capacity: 200, state: 'open' },
        },
      ],
    });
  });
});
