import { describe, expect, test } from 'vitest';
import { machinePrincipal, membershipFor, platformPrincipal } from '#core/access/sign-in.ts';
import { aTenant, aUser, otherTenantId, tenantId } from '#test/builders.ts';

const refused = expect.objectContaining({ code: 'not_authenticated' });

describe('a platform user', () => {
  test('has the role of its group; of several, the first in the role table', () => {
    expect(platformPrincipal('ada', ['sales', 'platform-auditor'])).toMatchObject({ role: 'platform-auditor' });
  });

  test.for([[], ['tenant-admin'], ['tenant-member'], ['Platform-Admin'], ['admins']])('has no role by %j', (groups) => {
    expect(platformPrincipal('ada', groups)).toBeUndefined();
  });
});

describe('a machine client', () => {
  test('has the role of its scope', () => {
    expect(machinePrincipal('crm', ['tenantry/sales'])).toMatchObject({ id: 'crm', role: 'sales' });
  });

  test.for([[], ['sales'], ['tenantry/platform-admin'], ['tenantry/sales2'], ['constructor']])(
    'is refused with %j',
    (scopes) => {
      expect(() => machinePrincipal('crm', scopes)).toThrow(refused);
    },
  );
});

describe('a user of several tenants', () => {
  const first = { tenant: aTenant({ status: 'active' }), user: aUser() };
  const second = { tenant: aTenant({ tenantId: otherTenantId, slug: 'globex', status: 'active' }), user: aUser() };

  test('signs in to the requested tenant, by id or slug, or else to the first', () => {
    expect(membershipFor([first, second], undefined)).toBe(first);
    expect(membershipFor([first, second], otherTenantId)).toBe(second);
    expect(membershipFor([first, second], 'globex')).toBe(second);
  });

  test('is refused by a tenant it does not belong to', () => {
    for (const wanted of ['initech', `${tenantId}x`, '', '*']) {
      expect(() => membershipFor([first], wanted)).toThrow(refused);
    }
    expect(() => membershipFor([], undefined)).toThrow(refused);
  });

  test('skips tenants that are closed or have disabled the user', () => {
    const suspended = { ...first, tenant: aTenant({ status: 'suspended' }) };
    const disabled = { ...first, user: aUser({ status: 'disabled' }) };
    const offboarded = { ...first, tenant: aTenant({ status: 'offboarded' }) };
    for (const shut of [suspended, disabled, offboarded]) {
      expect(membershipFor([shut, second], undefined)).toBe(second);
    }
    for (const shut of [disabled, offboarded]) expect(() => membershipFor([shut], undefined)).toThrow(refused);
  });

  test('is told that its tenant is suspended where no other lets it in', () => {
    const suspended = { ...first, tenant: aTenant({ status: 'suspended' }) };
    const disabled = { ...second, user: aUser({ status: 'disabled' }) };
    const named = expect.objectContaining({ code: 'tenant_suspended' });
    expect(() => membershipFor([disabled, suspended], undefined)).toThrow(named);
    expect(() => membershipFor([suspended, second], tenantId)).toThrow(named);
    expect(() => membershipFor([suspended, disabled], otherTenantId)).toThrow(refused);
  });
});
