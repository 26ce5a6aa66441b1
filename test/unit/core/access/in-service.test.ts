import { describe, expect, test } from 'vitest';
import { assertInService } from '#core/access/in-service.ts';
import { closedStatuses, tenantStatuses } from '#core/contract/model/tenant.ts';
import { aTenant, aUser, tenantId } from '#test/builders.ts';

const issuedAt = Date.parse('2026-11-22T12:00:00Z') / 1000;
const member = { id: 'ada', role: 'tenant-member', tenantId, issuedAt } as const;
const refused = expect.objectContaining({ code: 'not_authenticated' });
const judged = (principal: object, facts: object) => () =>
  assertInService({ ...member, ...principal }, { tenant: aTenant({ status: 'active' }), user: undefined, ...facts });

describe('a token of a tenant', () => {
  test.for(tenantStatuses)('that is %s', (status) => {
    const judge = judged({}, { tenant: aTenant({ status }) });
    if (status === 'suspended') expect(judge).toThrow(expect.objectContaining({ code: 'tenant_suspended' }));
    else if ((closedStatuses as readonly string[]).includes(status)) expect(judge).toThrow(refused);
    else expect(judge).not.toThrow();
  });

  test('that is unknown is refused', () => {
    expect(judged({}, { tenant: undefined })).toThrow(refused);
  });

  test.for([
    ['2026-11-22T11:59:59.999Z', false],
    ['2026-11-22T12:00:00.000Z', true],
    ['2026-11-22T12:00:00.900Z', true],
    ['2026-11-22T12:00:01.000Z', true],
  ] as const)('closed last at %s, when the token is of 12:00:00: refused is %s', ([tokensValidFrom, isRefused]) => {
    const judge = judged({}, { tenant: aTenant({ status: 'active', tokensValidFrom }) });
    if (isRefused) expect(judge).toThrow(refused);
    else expect(judge).not.toThrow();
  });

  test('that was closed once refuses a token without a time of issue', () => {
    const tenant = aTenant({ status: 'active', tokensValidFrom: '2026-11-22T12:00:00.000Z' });
    expect(judged({ issuedAt: undefined }, { tenant })).toThrow(refused);
  });
});

describe('a token that names a user', () => {
  const named = { userId: 'ada@acme.example', role: 'tenant-admin' };

  test('is valid while the user exists with the same role', () => {
    for (const status of ['invited', 'active'] as const)
      expect(judged(named, { user: aUser({ status }) })).not.toThrow();
  });

  test.for([
    ['is removed', undefined],
    ['is disabled', aUser({ status: 'disabled' })],
    ['has another role', aUser({ role: 'tenant-member' })],
  ] as const)('is refused when the user %s', ([, user]) => {
    expect(judged(named, { user })).toThrow(refused);
  });
});
