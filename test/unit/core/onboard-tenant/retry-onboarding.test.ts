import { expect, test } from 'vitest';
import { tenantStatuses } from '#core/contract/model/tenant.ts';
import { retryOnboarding } from '#core/onboard-tenant/retry-onboarding.ts';
import { aTenant, later, stepStatuses, tenantId } from '#test/builders.ts';

const failure = { step: 'seed-schema', code: 'migration_failed', message: 'syntax error' };
const newOperationId = 'op_01jdaa0000000000000000000z';
const retry = (tenant = aTenant({ status: 'failed', failure, version: 5 })) =>
  retryOnboarding({ tenant, operationId: newOperationId, requestId: 'request-2', now: later });

test('a failed tenant is asked for anew: no failure, a new operation from its first step', () => {
  const { answer } = retry();
  expect(answer.tenant).toMatchObject({ status: 'requested', version: 6, updatedAt: later });
  expect(answer.tenant).not.toHaveProperty('failure');
  expect(answer.operation).toMatchObject({ id: newOperationId, status: 'running', startedAt: later });
  expect(answer.operation.steps.map(({ status }) => status)).toEqual(stepStatuses(['running'], 'pending'));
});

test('only the version that was read is retried, and only while its slug is free', () => {
  const { writes } = retry().change;
  expect(writes.map((write) => write.guard)).toMatchObject([
    { condition: { equals: { version: 5 } }, otherwise: { code: 'version_conflict' } },
    { condition: { absentOr: { released: true } }, otherwise: { code: 'slug_taken' } },
    { condition: { absent: true }, otherwise: { code: 'operation_in_progress' } },
    ...Array(2).fill(undefined),
  ]);
  expect(writes.map((write) => write.kind === 'put' && write.item.pk)).toEqual([
    `TENANT#${tenantId}`,
    'SLUG#acme',
    ...Array(2).fill(`TENANT#${tenantId}`),
    `OPERATION#${newOperationId}`,
  ]);
});

test('the audit event keeps the failure that is retried', () => {
  expect(retry().change.audit).toEqual([
    {
      action: 'tenant.onboarding.retried',
      target: { type: 'tenant', id: tenantId },
      operationId: newOperationId,
      before: { failure },
    },
  ]);
});

test.for(tenantStatuses.filter((status) => status !== 'failed'))('a tenant that is %s is not retried', (status) => {
  expect(() => retry(aTenant({ status }))).toThrow(expect.objectContaining({ code: 'invalid_transition' }));
});
