import { expect, test } from 'vitest';
import { claimPlace, provisionedKinds } from '#core/onboard-tenant/claim-place.ts';
import {
  aDedicatedShard,
  anOperation,
  aPlacedTenant,
  aShard,
  aTenant,
  later,
  operationId,
  tenantId,
} from '#test/builders.ts';

const claim = (tenant = aTenant({ version: 1 }), shard = aShard()) =>
  claimPlace(tenant, anOperation({ version: 1 }), shard, later);

test('the place is counted only while the shard is open and has room', () => {
  expect(claim().change.writes).toContainEqual({
    kind: 'update',
    table: 'tenants',
    key: { pk: 'SHARD#shared-1', sk: 'SHARD' },
    add: { count: 1 },
    guard: {
      condition: { below: { attribute: 'count', limit: 'capacity' }, equals: { state: 'open' } },
      otherwise: expect.objectContaining({ code: 'no_capacity' }),
    },
  });
});

test('the tenant is provisioning there, as is told to whoever goes on with it', () => {
  const { tenant, operation, change } = claim();
  expect(tenant).toMatchObject({
    status: 'provisioning',
    version: 2,
    placement: { shardId: 'shared-1', namespace: tenantId, epoch: 1 },
  });
  expect(change.writes).toContainEqual(expect.objectContaining({ item: expect.objectContaining(tenant) }));
  expect(change.writes).toContainEqual(expect.objectContaining({ item: expect.objectContaining(operation) }));
  expect(change.audit).toEqual([
    {
      action: 'tenant.placed',
      target: { type: 'tenant', id: tenantId },
      operationId,
      after: { placement: tenant.placement },
    },
  ]);
});

test('the tenant is found by its shard', () => {
  expect(claim().change.writes).toContainEqual(
    expect.objectContaining({ item: expect.objectContaining({ sk: 'TENANT', shardKey: 'SHARD#shared-1' }) }),
  );
});

test('a claim that comes after a roll-back began is refused', () => {
  expect(claim().change.writes.map(({ guard }) => guard?.otherwise.code)).toEqual(
    expect.arrayContaining(['operation_ended', 'version_conflict']),
  );
});

test.for([
  ['pool', 'rows'],
  ['bridge', 'namespace'],
  ['silo', 'namespace'],
] as const)('the ledger of a %s tenant has, before it is made, all that will be made', ([isolation, home]) => {
  const tenant = aTenant({ isolation });
  const { change } = claim(tenant, isolation === 'silo' ? aDedicatedShard() : aShard());
  const ledger = change.writes.flatMap((write) =>
    write.kind === 'put' && write.item.sk.startsWith('RESOURCE#') ? [write.item] : [],
  );
  expect(ledger.map(({ kind }) => kind)).toEqual(['placement', 'secret', 'role', home, 'user']);
  expect(ledger).toEqual(
    ledger.map((item) =>
      expect.objectContaining({
        operationId,
        createdAt: later,
        pk: `TENANT#${tenantId}`,
        sk: `RESOURCE#${String(item['kind'])}#${String(item['id'])}`,
      }),
    ),
  );
  expect(ledger.map(({ id }) => id)).toEqual([
    change.writes.flatMap((write) => (write.kind === 'update' ? [write.key.pk.slice('SHARD#'.length)] : []))[0],
    `tenantry/tenants/${tenantId}/database`,
    ...Array(2).fill(expect.stringMatching(/^(shared|spare)-1\/(pool|tn_.*)$/)),
    'ada@acme.example',
  ]);
  expect(provisionedKinds(tenant)).toEqual(['placement', 'secret', 'role', home]);
});

test('a tenant that has its place cannot claim another', () => {
  expect(() => claim(aPlacedTenant())).toThrow(expect.objectContaining({ code: 'invalid_transition' }));
});
