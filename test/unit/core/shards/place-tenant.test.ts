import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { candidateShards, hashOfTenant, noCapacity, placementOn } from '#core/shards/place-tenant.ts';
import { aDedicatedShard, aPlacedTenant, aShard, aTenant, tenantId } from '#test/builders.ts';

const tenantIds = fc.stringMatching(/^tn_[0-7][0-9a-hjkmnp-tv-z]{25}$/);
const idsOf = (shards: readonly { shardId: string }[]) => shards.map(({ shardId }) => shardId);
const hash = hashOfTenant(tenantId);

describe('the hash of a tenant', () => {
  test('is the first 16 bits of the SHA-256 of its id, the same everywhere', () => {
    // printf tn_01jdaa0000000000000000000a | sha256sum | cut -c1-4
    expect(hash).toBe(0xfc24);
  });

  test('spreads tenants made one after the other over the whole space', () => {
    const made = Array.from(
      { length: 4_000 },
      (_, index) => `tn_01jdaa000000000000000${String(index).padStart(5, '0')}`,
    );
    const quarters = Map.groupBy(made, (id) => hashOfTenant(id) >> 14);
    for (const quarter of [0, 1, 2, 3]) expect(quarters.get(quarter)?.length).toBeGreaterThan(900);
  });
});

describe('a tenant of the pool or with a schema of its own', () => {
  const tenant = aTenant({ isolation: 'pool', tier: 'starter' });
  const serves = (shard: Partial<Parameters<typeof aShard>[0]>) =>
    candidateShards([aShard(shard)], tenant).length === 1;

  test('goes to the shared shard whose range holds its hash, both ends included', () => {
    expect(serves({ range: { from: hash, to: hash } })).toBe(true);
    expect(serves({ range: { from: hash + 1, to: 65_535 } })).toBe(false);
    const shards = [
      aShard({ shardId: 'low', range: { from: 0, to: 32_767 } }),
      aShard({ shardId: 'high', range: { from: 32_768, to: 65_535 } }),
    ];
    fc.assert(
      fc.property(tenantIds, (id) => {
        const chosen = candidateShards(shards, aTenant({ tenantId: id }));
        expect(idsOf(chosen)).toEqual([hashOfTenant(id) < 32_768 ? 'low' : 'high']);
      }),
    );
  });

  test('goes to no shard of another region', () => {
    expect(serves({ region: 'eu-west-1' })).toBe(false);
  });

  test('goes to no shard that is full or closed', () => {
    expect(serves({ count: 99, capacity: 100 })).toBe(true);
    expect(serves({ count: 100, capacity: 100 })).toBe(false);
    expect(serves({ count: 101, capacity: 100 })).toBe(false);
    expect(serves({ state: 'closed' })).toBe(false);
  });

  test('goes to no cluster that is kept for one tenant', () => {
    expect(candidateShards([aDedicatedShard()], tenant)).toEqual([]);
    expect(candidateShards([aDedicatedShard()], aTenant({ isolation: 'bridge' }))).toEqual([]);
  });
});

describe('a tenant with a cluster of its own', () => {
  const spares = Array.from({ length: 5 }, (_, index) => aDedicatedShard({ shardId: `spare-${index}` }));
  const candidatesOf = (id: string) => candidateShards(spares, aTenant({ tenantId: id, isolation: 'silo' }));

  test('may take any spare of its region, and never a shared shard', () => {
    const shards = [...spares, aShard(), aDedicatedShard({ shardId: 'far', region: 'eu-west-1' })];
    const candidates = candidateShards(shards, aTenant({ isolation: 'silo' }));
    expect(idsOf(candidates).toSorted()).toEqual(idsOf(spares));
  });

  test('finds every spare once, beginning at one that its id decides', () => {
    fc.assert(
      fc.property(tenantIds, (id) => {
        const candidates = idsOf(candidatesOf(id));
        expect(candidates.toSorted()).toEqual(idsOf(spares));
        expect(candidates[0]).toBe(`spare-${hashOfTenant(id) % 5}`);
      }),
    );
  });

  test('does not meet the others at one spare: every spare is the first choice of some', () => {
    const first = Array.from({ length: 60 }, (_, index) => candidatesOf(`tn_${index}`)[0]?.shardId);
    expect(new Set(first).size).toBe(spares.length);
  });

  test('does not find one that is taken', () => {
    expect(candidateShards([aDedicatedShard({ count: 1 })], aTenant({ isolation: 'silo' }))).toEqual([]);
  });
});

describe('the placement', () => {
  test('is the shared namespace in the pool, a namespace named by the tenant elsewhere', () => {
    expect(placementOn(aShard(), aTenant({ isolation: 'pool' }))).toEqual({
      shardId: 'shared-1',
      namespace: 'pool',
      epoch: 1,
    });
    expect(placementOn(aShard(), aTenant({ isolation: 'bridge' })).namespace).toBe(tenantId);
    expect(placementOn(aDedicatedShard(), aTenant({ isolation: 'silo' })).namespace).toBe(tenantId);
  });

  test('has an epoch that grows with every move', () => {
    expect(placementOn(aShard({ shardId: 'shared-2' }), aPlacedTenant()).epoch).toBe(2);
  });
});

test('a refusal says what is full and where', () => {
  expect(noCapacity(aTenant({ isolation: 'silo' }))).toMatchObject({
    code: 'no_capacity',
    message: expect.stringMatching(/No spare dedicated shard is left in us-east-1/),
  });
  expect(noCapacity(aTenant({ isolation: 'pool' }))).toMatchObject({
    code: 'no_capacity',
    message: expect.stringContaining(`of hash ${hash} in us-east-1`),
  });
});
