import { expect, test } from 'vitest';
import { limitsOf } from '#core/limits/limits-of.ts';
import { aTenant, someTiers } from '#test/builders.ts';

const everyone = { requestsPerSecond: 7, burst: 7 };
const config = { ...someTiers, limits: everyone };

test('a tenant has the limits of its tier', () => {
  expect(limitsOf(aTenant({ tier: 'growth' }), config)).toEqual({ requestsPerSecond: 200, burst: 400 });
});

test('a tenant may have limits of its own', () => {
  const limits = { requestsPerSecond: 1, burst: 2 };
  expect(limitsOf(aTenant({ limits }), config)).toEqual(limits);
});

test.for([
  ['of no tenant', undefined],
  ['of a tier that is no longer sold', aTenant({ tier: 'gold' })],
  ['of a tier named like an object’s own property', aTenant({ tier: 'constructor' })],
] as const)('a caller %s has the global limits', ([, tenant]) => {
  expect(limitsOf(tenant, config)).toEqual(everyone);
});
