import { expect, test } from 'vitest';
import { fieldErrorsOfProblem } from '#console/shared/field-errors.ts';
import { type Draft, slugOf, validateDraft } from '#console/tenants/onboarding-form.ts';

const draft: Draft = {
  slug: 'acme',
  name: 'Acme',
  tier: 'starter',
  region: 'us-east-1',
  adminEmail: 'ada@acme.example',
  externalId: '',
  metadata: [],
  flags: [],
};

test('a valid draft becomes a request', () => {
  const metadata = [
    { key: 'seats', value: '40' },
    { key: 'vip', value: 'true' },
    { key: 'code', value: '007' },
  ];
  expect(validateDraft({ ...draft, metadata })).toEqual({
    request: {
      slug: 'acme',
      name: 'Acme',
      tier: 'starter',
      region: 'us-east-1',
      adminEmail: 'ada@acme.example',
      metadata: { seats: 40, vip: true, code: '007' },
    },
  });
});

test('errors are shown at their fields', () => {
  expect(validateDraft({ ...draft, slug: 'A b', adminEmail: 'ada', flags: [{ key: '1st', value: 'on' }] })).toEqual({
    errors: {
      slug: expect.stringContaining('must be 1–40'),
      adminEmail: expect.any(String),
      flags: expect.stringContaining('1st'),
    },
  });
});

test('errors of the API are shown at their fields, or at the form if they have none', () => {
  const problem = { type: '', title: '', status: 409, instance: '', detail: 'Somebody has it.' };
  expect(fieldErrorsOfProblem({ ...problem, code: 'slug_taken' })).toEqual({ slug: 'Somebody has it.' });
  expect(fieldErrorsOfProblem({ ...problem, code: 'no_capacity' })).toEqual({ '': 'Somebody has it.' });
  const errors = [{ path: '/metadata/a', message: 'must be shorter' }];
  expect(fieldErrorsOfProblem({ ...problem, code: 'invalid_request', errors })).toEqual({
    metadata: 'a: must be shorter',
  });
});

test.for([
  ['Acme Ltd', 'acme-ltd'],
  ['  Ärzte & Söhne GmbH  ', 'arzte-sohne-gmbh'],
  ['東京', ''],
  ['long '.repeat(12), 'long-long-long-long-long-long-long-long'],
] as const)('the name %s becomes the slug %s', ([name, slug]) => {
  expect(slugOf(name)).toBe(slug);
});
