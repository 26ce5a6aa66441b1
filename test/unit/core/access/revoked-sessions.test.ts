import { describe, expect, test } from 'vitest';
import { mostRevoked, revokedSessionsPolicy, withoutRevoked, withRevoked } from '#core/access/revoked-sessions.ts';
import { noon, otherTenantId, tenantId } from '#test/builders.ts';

const minutesAfter = (minutes: number) => new Date(Date.parse(noon) + minutes * 60_000).toISOString();
const many = (count: number, since: string) =>
  Object.fromEntries(Array.from({ length: count }, (_none, index) => [`tn_${index}`, since]));

describe('revoked sessions', () => {
  test('are those of every tenant that was suspended within the lifetime of a session', () => {
    const first = withRevoked({}, tenantId, noon);
    expect(withRevoked(first, otherTenantId, minutesAfter(59))).toEqual({
      [tenantId]: noon,
      [otherTenantId]: minutesAfter(59),
    });
    expect(withRevoked(first, otherTenantId, minutesAfter(60))).toEqual({ [otherTenantId]: minutesAfter(60) });
  });

  test('count from the last time that a tenant was suspended', () => {
    const again = withRevoked({ [tenantId]: noon }, tenantId, minutesAfter(30));
    expect(withRevoked(again, otherTenantId, minutesAfter(70))).toHaveProperty(tenantId);
  });

  test('are those of no tenant that was resumed', () => {
    const both = { [tenantId]: noon, [otherTenantId]: noon };
    expect(withoutRevoked(both, tenantId, noon)).toEqual({ [otherTenantId]: noon });
    expect(withoutRevoked({}, tenantId, noon)).toEqual({});
  });

  test('are as many as one policy holds: one more is refused until the first has expired', () => {
    const full = many(mostRevoked, noon);
    expect(() => withRevoked(full, tenantId, minutesAfter(1))).toThrow(
      expect.objectContaining({ code: 'dependency_unavailable' }),
    );
    expect(withRevoked(full, 'tn_0', minutesAfter(1))).toHaveProperty('tn_0', minutesAfter(1));
    expect(withRevoked(full, tenantId, minutesAfter(60))).toEqual({ [tenantId]: minutesAfter(60) });
  });
});

test('no tenant, no policy', () => {
  expect(revokedSessionsPolicy({})).toBeUndefined();
});

test('the policy names every tenant by its session tag, by equality', () => {
  expect(revokedSessionsPolicy({ [otherTenantId]: noon, [tenantId]: noon })?.Statement).toEqual([
    {
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: { StringEquals: { 'aws:PrincipalTag/tenant': [tenantId, otherTenantId] } },
    },
  ]);
});
