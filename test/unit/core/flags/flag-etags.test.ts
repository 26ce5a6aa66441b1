import { expect, test } from 'vitest';
import { answerEtag, configEtag, isNamedBy, tenantDigest } from '#core/flags/flag-etags.ts';
import { tenantId } from '#test/builders.ts';

const facts = {
  tenantId,
  slug: 'acme',
  tier: 'growth',
  isolation: 'bridge',
  region: 'us-east-1',
  status: 'active',
  metadata: {},
} as const;

test('the tag of a response depends on configuration, context and response, but not on the order of names', () => {
  const etag = answerEtag('1-a', { plan: 'free', country: 'CH' }, '{}');
  expect(etag).toMatch(/^"[\w-]{22}"$/);
  expect(answerEtag('1-a', { country: 'CH', plan: 'free' }, '{}')).toBe(etag);
  expect(answerEtag('2-a', { plan: 'free', country: 'CH' }, '{}')).not.toBe(etag);
  expect(answerEtag('1-a', { plan: 'pro', country: 'CH' }, '{}')).not.toBe(etag);
  expect(answerEtag('1-a', { plan: 'free', country: 'CH' }, '{"flags":[]}')).not.toBe(etag);
});

test('the configuration of a tenant depends on the set, its overrides and its facts', () => {
  const digest = tenantDigest(facts, {});
  expect(tenantDigest({ ...facts }, {})).toBe(digest);
  expect(tenantDigest(facts, { beta: 'on' })).not.toBe(digest);
  expect(tenantDigest({ ...facts, tier: 'enterprise' }, {})).not.toBe(digest);
  expect(configEtag(1, digest)).not.toBe(configEtag(2, digest));
});

test.each([
  ['"a"', true],
  ['W/"a"', true],
  ['"b", "a"', true],
  ['"b",W/"a"', true],
  ['"b"', false],
  ['a', false],
  ['"ab"', false],
  ['', false],
  [undefined, false],
])('If-None-Match: %s', (header, isNamed) => {
  expect(isNamedBy(header, '"a"')).toBe(isNamed);
});
