import { expect, test } from 'vitest';
import { draftOf, judgedUpdate } from '#console/tenant/record-form.ts';
import { aTenant } from '#test/builders.ts';

const tenant = aTenant({ name: 'Acme', metadata: { code: '40', seats: 40, vip: true } });
const draft = draftOf(tenant);

test('an unedited record is not changed, and the text 40 does not become a number', () => {
  expect(judgedUpdate(tenant, draft)).toEqual({ update: undefined });
});

test('only edited fields are sent', () => {
  expect(judgedUpdate(tenant, { ...draft, name: 'Acme & Sons' })).toEqual({ update: { name: 'Acme & Sons' } });
  const metadata = [...draft.metadata, { key: 'floor', value: '3' }];
  expect(judgedUpdate(tenant, { ...draft, metadata })).toEqual({
    update: { metadata: { code: '40', seats: 40, vip: true, floor: 3 } },
  });
});

test('custom limits are set, kept and removed', () => {
  const given = { ...draft, hasOwnLimits: true, requestsPerSecond: '0.5', burst: '3' };
  const limits = { requestsPerSecond: 0.5, burst: 3 };
  expect(judgedUpdate(tenant, given)).toEqual({ update: { limits } });
  const limited = { ...tenant, limits };
  expect(judgedUpdate(limited, draftOf(limited))).toEqual({ update: undefined });
  expect(judgedUpdate(limited, { ...draftOf(limited), hasOwnLimits: false })).toEqual({ update: { limits: null } });
});

test('errors are shown at their fields', () => {
  const wrong = { ...draft, name: '', adminEmail: 'ada', hasOwnLimits: true, requestsPerSecond: '', burst: '1.5' };
  expect(judgedUpdate(tenant, wrong)).toEqual({
    faults: {
      name: expect.any(String),
      adminEmail: expect.any(String),
      limits: expect.stringContaining('requestsPerSecond'),
    },
  });
});
