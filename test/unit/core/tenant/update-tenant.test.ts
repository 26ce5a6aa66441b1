import { expect, test } from 'vitest';
import { updateTenant } from '#core/tenant/update-tenant.ts';
import { aTenant, later } from '#test/builders.ts';

const tenant = aTenant({ status: 'active', version: 3, metadata: { seats: 5, plan: 'yearly' } });

test('fields that are not in the update are unchanged', () => {
  const { updated } = updateTenant(tenant, { name: 'Acme Inc' }, later);
  expect(updated).toEqual({ ...tenant, name: 'Acme Inc', version: 4, updatedAt: later });
});

test('metadata is replaced as a whole, so that entries can be removed', () => {
  expect(updateTenant(tenant, { metadata: { seats: 6 } }, later).updated.metadata).toEqual({ seats: 6 });
});

test('only the version that was read is updated', () => {
  expect(updateTenant(tenant, { name: 'Acme Inc' }, later).change.writes).toMatchObject([
    { item: { version: 4 }, guard: { condition: { equals: { version: 3 } }, otherwise: { code: 'version_conflict' } } },
  ]);
});

test('the audit event has the values before and after', () => {
  const { change } = updateTenant(tenant, { adminEmail: 'bob@acme.example' }, later);
  expect(change.audit).toMatchObject([
    {
      action: 'tenant.updated',
      before: { adminEmail: 'ada@acme.example', name: 'Acme Ltd' },
      after: { adminEmail: 'bob@acme.example', name: 'Acme Ltd' },
    },
  ]);
});
