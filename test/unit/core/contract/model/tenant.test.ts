import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digest } from '#core/audit/audit-chain.ts';
import { inboundEvents } from '#core/contract/events/catalogue.ts';
import { onboardingSchema, tenantIdSchema, tenantUpdateSchema } from '#core/contract/model/tenant.ts';
import { deps } from '#functions/deps.ts';
import { anOnboardingRequest, awkward } from '#test/builders.ts';

/** The paths of what is wrong with a request. */
const faultsOf = (request: object) =>
  onboardingSchema
    .safeParse({ ...anOnboardingRequest(), ...request })
    .error?.issues.map(({ path }) => path.join('/')) ?? [];
const entriesOf = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`key${at}`, 'x']));

describe('a slug', () => {
  test.for(['a', '7', 'acme', 'acme-2', '2-acme', 'a--b', 'x'.repeat(40)])('may be "%s"', (slug) => {
    expect(faultsOf({ slug })).toEqual([]);
  });

  test.for([
    '',
    ' ',
    'Acme',
    'acme ',
    ' acme',
    'acme\n',
    'ac me',
    '-acme',
    'acme-',
    '-',
    'x'.repeat(41),
    'acme_2',
    'acme.example',
    "acme'; drop table tenants; --",
    'acme"',
    'acme`',
    'acme;',
    'acme%',
    'acme\\',
    '../acme',
    '..',
    'acme/audit',
    'acme#HEAD',
    'TENANT#acme',
    'acme?x=1',
    'acme&b',
    '{acme}',
    '${acme}',
    '*',
    'acme\0',
    'acme\u200b',
    'аcme',
    'acmé',
    'ａcme',
    'ⅰ',
    'acme\u202e',
    'tn_01jdaa0000000000000000000a',
    7,
    null,
    ['acme'],
    { toString: 'acme' },
  ])('may not be %j', (slug) => {
    expect(faultsOf({ slug })).toEqual(['slug']);
  });

  test('is a DNS label, and never a tenant id', () => {
    const slugs = fc.string({ unit: fc.constantFrom('a', 'z', '0', '-', '_', 'A', '.', 'é'), maxLength: 45 });
    fc.assert(
      fc.property(slugs, (slug) => {
        const isLabel = /^[a-z0-9-]{1,40}$/.test(slug) && !slug.startsWith('-') && !slug.endsWith('-');
        expect(faultsOf({ slug }).length === 0).toBe(isLabel);
      }),
    );
    expect(tenantIdSchema.safeParse('tn-01jdaa0000000000000000000a').success).toBe(false);
  });
});

describe('a name', () => {
  test.for(['Acme', 'Ärzte & Söhne', '株式会社', "O'Neil; drop table", 'a b', '👩‍🚀', 'x'.repeat(120)])(
    'may be "%s"',
    (name) => {
      expect(faultsOf({ name, externalId: name })).toEqual([]);
    },
  );

  test.for([
    '',
    ' Acme',
    'Acme ',
    '\u00a0Acme',
    'Ac\nme',
    'Ac\tme',
    'Acme\0',
    'Ac\x1bme',
    'Ac\x7fme',
    'Ac\x85me',
    'Ac\u2028me',
    'Ac\u202eme',
    'Ac\u2066me',
    'Ac\ud800me',
    'x'.repeat(129),
    7,
  ])('may not be %j', (name) => {
    expect(faultsOf({ name, externalId: name })).toEqual(['name', 'externalId']);
  });
});

describe('an administrator’s address', () => {
  test.for(['ada@acme.example', "o'neil+crm@mail.acme.example", 'a@b.co'])('may be %s', (adminEmail) => {
    expect(faultsOf({ adminEmail })).toEqual([]);
  });

  test.for([
    '',
    'ada',
    'ada@',
    '@acme.example',
    'ada@acme',
    'ada@@acme.example',
    'ada @acme.example',
    'ada@acme.example\nbcc: eve@evil.example',
    'ada@acme.example, eve@evil.example',
    'Ada <ada@acme.example>',
    'ada..b@acme.example',
    'аda@acme.example',
    `${'x'.repeat(250)}@acme.example`,
  ])('may not be %j', (adminEmail) => {
    expect(faultsOf({ adminEmail })).toEqual(['adminEmail']);
  });
});

describe('metadata', () => {
  test('has at most 50 strings, numbers and booleans', () => {
    expect(faultsOf({ metadata: { plan: 'yearly', seats: 5.5, trial: false, note: '', 'a.b_c-d': 'x' } })).toEqual([]);
    expect(faultsOf({ metadata: entriesOf(50) })).toEqual([]);
    expect(faultsOf({ metadata: entriesOf(51) })).toEqual(['metadata']);
  });

  test.for<[string, unknown]>([
    ['text of more than 256 characters', 'x'.repeat(257)],
    ['half a surrogate pair', 'a\ud800b'],
    ['nothing', null],
    ['a list', ['x']],
    ['an object', { a: 1 }],
    ['a number past 2⁵³', 1e20],
    ['a number too small to be stored', 1e-200],
    ['infinity', Number.POSITIVE_INFINITY],
  ])('cannot contain %s', ([, value]) => {
    expect(faultsOf({ metadata: { key: value } })).toEqual(['metadata/key']);
  });

  test.for(['', '1st', '_x', 'a b', 'a/b', 'a#b', 'a$b', 'ключ', 'x'.repeat(65)])('cannot have the key "%s"', (key) => {
    expect(faultsOf({ metadata: { [key]: 'x' } })).toEqual([`metadata/${key}`]);
  });

  test('can be stored and hashed if accepted, and is read back unchanged', () => {
    const values = fc.oneof(fc.string({ unit: fc.constantFrom(...awkward) }), fc.double(), fc.integer(), fc.boolean());
    fc.assert(
      fc.property(values, (value) => {
        const parsed = onboardingSchema.safeParse(anOnboardingRequest({ metadata: { key: value } }));
        if (!parsed.success) return;
        expect(digest(unmarshall(marshall(parsed.data)))).toBe(digest(parsed.data));
      }),
    );
  });
});

describe('flags', () => {
  test('name a variant each, at most 50', () => {
    expect(faultsOf({ flags: { 'new-billing': 'on' } })).toEqual([]);
    expect(faultsOf({ flags: entriesOf(51) })).toEqual(['flags']);
  });

  test.for(['', 'x'.repeat(65), 'o\nn', 'o\ud800n', true, 1])('name no variant %j', (variant) => {
    expect(faultsOf({ flags: { 'new-billing': variant } })).toEqual(['flags/new-billing']);
  });
});

describe('unknown fields', () => {
  const extra = { ...anOnboardingRequest(), status: 'active', tenantId: 'tn_mine' };

  test('of a request are rejected by name', () => {
    expect(onboardingSchema.safeParse(extra).error?.issues).toMatchObject([
      { code: 'unrecognized_keys', keys: ['status', 'tenantId'] },
    ]);
    expect(tenantUpdateSchema.safeParse({ name: 'Acme', slug: 'other' }).success).toBe(false);
  });

  test('of an event are dropped', () => {
    const parsed = inboundEvents['tenant.onboarding.requested'].parse({ ...extra, requestId: 'crm-7' });
    expect(parsed).toEqual({ ...anOnboardingRequest(), requestId: 'crm-7' });
  });
});

const accepts = (requestId: unknown) =>
  inboundEvents['tenant.onboarding.requested'].safeParse({ ...anOnboardingRequest(), requestId }).success;

describe('an onboarding event', () => {
  test('must have a request id, so that it can be repeated', () => {
    expect(accepts('crm-7')).toBe(true);
    for (const requestId of [undefined, '', 'x'.repeat(129), 'crm\n7', 'crm\ud8007', 7])
      expect(accepts(requestId)).toBe(false);
  });

  test('is validated like an API request', () => {
    const event = { ...anOnboardingRequest({ slug: '../acme' }), requestId: 'crm-7' };
    expect(inboundEvents['tenant.onboarding.requested'].safeParse(event).success).toBe(false);
  });
});

test.for(['slug', 'name', 'tier', 'adminEmail'])('a request without %s is rejected', (field) => {
  expect(faultsOf({ [field]: undefined })).toEqual([field]);
});

test('an update must change something', () => {
  expect(tenantUpdateSchema.safeParse({}).success).toBe(false);
  expect(tenantUpdateSchema.safeParse({ metadata: {} }).success).toBe(true);
});

test('every generated id is accepted', () => {
  for (let made = 0; made < 50; made += 1) expect(tenantIdSchema.parse(deps.newTenantId())).toMatch(/^tn_/);
});
