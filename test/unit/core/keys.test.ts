import { expect, test } from 'vitest';
import { auditPartition, keys } from '#core/keys.ts';
import { tenantId } from '#test/builders.ts';

test('all of a tenant’s items are in the one partition that IAM allows', () => {
  const own = [
    keys.tenant(tenantId),
    keys.operation({ type: 'tenant', id: tenantId }, 'op_1'),
    keys.lease(tenantId),
    keys.resource(tenantId, 'secret', 'database'),
    keys.resource(tenantId, 'secret', 'api'),
    keys.user(tenantId, 'ada@acme.example'),
    keys.override(tenantId, 'beta'),
    keys.auditHead(tenantId),
  ];
  expect(new Set(own.map(({ pk }) => pk))).toEqual(new Set([`TENANT#${tenantId}`]));
  expect(new Set(own.map(({ sk }) => sk)).size).toBe(own.length);
  expect(auditPartition(tenantId)).toBe(`TENANT#${tenantId}`);
});

test('the platform’s audit stream belongs to no tenant', () => {
  expect(keys.auditHead('SYSTEM')).toEqual({ pk: 'SYSTEM', sk: 'HEAD' });
});

test('the idempotency keys of two callers never collide, whatever their names contain', () => {
  const callers = [
    ['a#b', 'c'],
    ['a', 'b#c'],
    ['a%23b', 'c'],
    ['a%2523b', 'c'],
    ['a', 'b%23c'],
    ['a#b#c', ''],
    ['', 'a#b#c'],
  ] as const;
  const partitions = callers.flatMap(([id, key]) =>
    (['user', 'service'] as const).map((type) => keys.request({ type, id }, key).pk),
  );
  expect(new Set(partitions).size).toBe(2 * callers.length);
});
