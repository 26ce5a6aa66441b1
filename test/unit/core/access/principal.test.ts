import { describe, expect, test } from 'vitest';
import { principalOf, reaches, reachOf } from '#core/access/principal.ts';
import { type Reach, type Role, roles, tenantRoles } from '#core/contract/api/roles.ts';
import { routeTable } from '#core/contract/api/routes.ts';
import { otherTenantId, tenantId } from '#test/builders.ts';
import { promised } from '#test/promised-access.ts';

describe('the claims of a token', () => {
  test.for(roles)('of the role %s are understood', (role) => {
    const claims = { sub: 'ada', tenantry_role: role, tenantry_tenant: tenantId, iss: 'https://issuer.example' };
    const ofTenant = (tenantRoles as readonly Role[]).includes(role);
    expect(principalOf(claims)).toEqual({ id: 'ada', role, ...(ofTenant && { tenantId }) });
  });

  test.for(tenantRoles)('of the role %s must name a tenant', (role) => {
    expect(() => principalOf({ sub: 'ada', tenantry_role: role })).toThrow(
      expect.objectContaining({ code: 'not_authenticated' }),
    );
  });

  test.for([
    undefined,
    null,
    'platform-admin',
    {},
    { sub: 'ada' },
    { tenantry_role: 'platform-admin' },
    { sub: '', tenantry_role: 'platform-admin' },
    { sub: 'ada', tenantry_role: 'root' },
    { sub: 'ada', tenantry_role: 'Platform-Admin' },
    { sub: 'ada', tenantry_role: ['platform-admin'] },
    { sub: 'ada', tenantry_role: '[platform-admin]' },
    { sub: 'ada', tenantry_role: 'constructor' },
    { sub: 'ada', tenantry_role: 'tenant-admin', tenantry_tenant: 'acme' },
    { sub: 'ada', tenantry_role: 'tenant-admin', tenantry_tenant: `${tenantId}#` },
    { sub: 'ada', tenantry_role: 'tenant-admin', tenantry_tenant: '*' },
    { sub: 'ada', tenantry_role: 'tenant-admin', tenantry_tenant: '' },
  ])('that are not of this product are refused: %j', (claims) => {
    expect(() => principalOf(claims)).toThrow(expect.objectContaining({ code: 'not_authenticated' }));
  });
});

describe('how far a role reaches', () => {
  const tenants = {
    own: { tenantId, onboardedBy: 'user#someone' },
    onboarded: { tenantId: otherTenantId, onboardedBy: 'user#ada' },
    any: { tenantId: otherTenantId, onboardedBy: 'user#someone' },
  };

  test.for<[Reach, Reach[]]>([
    ['any', ['own', 'onboarded', 'any']],
    ['onboarded', ['onboarded']],
    ['own', ['own']],
  ])('%s covers %j', ([reach, covered]) => {
    const principal = { id: 'ada', role: 'tenant-admin', tenantId } as const;
    for (const [name, tenant] of Object.entries(tenants)) {
      expect(reaches(principal, reach, tenant), name).toBe(covered.includes(name as Reach));
    }
  });

  test('a user does not see what one with a longer name onboarded', () => {
    const tenant = { tenantId, onboardedBy: 'user#ada.lovelace' };
    expect(reaches({ id: 'ada', role: 'sales' }, 'onboarded', tenant)).toBe(false);
  });

  test('a user is not taken for an event source of the same name', () => {
    const tenant = { tenantId, onboardedBy: 'service#ada' };
    expect(reaches({ id: 'ada', role: 'sales' }, 'onboarded', tenant)).toBe(false);
  });

  test('a principal without a tenant owns none', () => {
    expect(reaches({ id: 'ada', role: 'sales' }, 'own', tenants.own)).toBe(false);
  });
});

describe('every role with every operation', () => {
  test.for(routeTable)('$operationId', ({ operationId, access }) => {
    const expected = promised[operationId];
    if (access === 'public' || expected === 'public') return expect(access).toBe(expected);
    for (const role of roles) {
      const asking = () => reachOf({ id: 'ada', role }, access);
      if (expected[role]) expect(asking(), role).toBe(expected[role]);
      else expect(asking, role).toThrow(expect.objectContaining({ code: 'not_allowed' }));
    }
  });

  test('the platform auditor cannot change anything', () => {
    const allowed = routeTable.filter(({ access }) => access !== 'public' && access['platform-auditor']);
    // A preview is a question that is too long for an address.
    const asked = allowed.filter(({ operationId }) => !operationId.startsWith('preview'));
    expect(asked.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  test('a role of one tenant never reaches another’s', () => {
    for (const { access, operationId } of routeTable) {
      if (access === 'public') continue;
      for (const role of tenantRoles) expect([undefined, 'own'], operationId).toContain(access[role]);
    }
  });
});
