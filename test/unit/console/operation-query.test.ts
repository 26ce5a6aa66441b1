import { expect, test } from 'vitest';
import { operationQueryOf, operationTokensOf } from '#console/operations/operation-query.ts';

const token = (propertyKey: string, value: string) => ({ propertyKey, value });

test('the filter becomes the query of the API; free text names a tenant, unknown values are left out', () => {
  expect(operationQueryOf([token('kind', 'suspend'), token('status', 'running'), token('tenant', 'acme')])).toEqual({
    kind: 'suspend',
    status: 'running',
    tenant: 'acme',
  });
  expect(operationQueryOf([{ value: 'acme' }])).toEqual({ tenant: 'acme' });
  expect(operationQueryOf([token('kind', 'no-such-kind'), token('status', '')])).toEqual({});
});

test('the filter is read back from the URL', () => {
  const tokens = operationTokensOf(new URLSearchParams('tenant=acme&kind=suspend&other=1'));
  expect(operationQueryOf(tokens)).toEqual({ kind: 'suspend', tenant: 'acme' });
});
