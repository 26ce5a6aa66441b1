import { expect, test } from 'vitest';
import { draftOf, validateUpdate } from '#console/tenant/record-form.ts';
import { aTenant } from '#test/builders.ts';

const tenant = aTenant({ name: 'Acme', metadata: { code: '40', seats: 40, vip: true } });
const draft = draftOf(tenant);

test('an unedited record is not changed, and the text 40 does not become a number', () => {
  expect(validateUpdate(tenant, draft)).toEqual({ update: undefined });
});

test('only edited fields are sent', () => {
  expect(validateUpdate(tenant, { ...draft, name: 'Acme & Sons' })).toEqual({ update: { name: 'Acme & Sons' } });
  const metadata = [...draft.metadata, { key: 'floor', value: '3' }];
  expect(validateUpdate(tenant, { ...draft, metadata })).toEqual({
    update: { metadata: { code: '40', seats: 40, vip: true, floor: 3 } },
  });
});

test('custom limits are set, kept and removed', () => {
  const given = { ...draft, hasOwnLimits: true, requestsPerSecond: '0.5', burst: '3' };
  const limits = { requestsPerSecond: 0.5, burst: 3 };
  expect(validateUpdate(tenant, given)).toEqual({ update: { limits } });
  const limited = { ...tenant, limits };
  expect(validateUpdate(limited, draftOf(limited))).toEqual({ update: undefined });
  expect(validateUpdate(limited, { ...draftOf(limited), hasOwnLimits: false })).toEqual({ update: { limits: null } });
});

test('errors are shown at their fields', () => {
  const wrong = { ...draft, name: '', adminEmail: 'ada', hasOwnLimits: true, requestsPerSecond: '', burst: '1.5' };
  expect(validateUpdate(tenant, wrong)).toEqual({
    errors: {
      name: expect.any(String),
      adminEmail: expect.any(String),
      limits: expect.stringContaining('requestsPerSecond'),
    },
  });
});
