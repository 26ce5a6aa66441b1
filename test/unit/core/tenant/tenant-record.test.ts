import { expect, test } from 'vitest';
import { closedStatuses } from '#core/contract/model/tenant.ts';
import { moveTenant } from '#core/tenant/tenant-record.ts';
import { aTenant, later, noon } from '#test/builders.ts';

const opening = { suspended: 'active', offboarding: 'active', offboarded: 'offboarding' } as const;

test.for(closedStatuses)('a tenant that becomes %s revokes its users’ tokens, once', (status) => {
  const before = aTenant({ status: opening[status] });
  const { tokensValidFrom } = moveTenant(before, status, later);
  expect(tokensValidFrom).toBe(status === 'offboarded' ? undefined : later);
});

test('tokens from before a suspension stay revoked when the tenant is active again', () => {
  const suspended = aTenant({ status: 'suspended', tokensValidFrom: noon });
  expect(moveTenant(suspended, 'active', later).tokensValidFrom).toBe(noon);
});

test('a tenant that was never closed revokes none', () => {
  expect(moveTenant(aTenant({ status: 'provisioning' }), 'active', later)).not.toHaveProperty('tokensValidFrom');
});
