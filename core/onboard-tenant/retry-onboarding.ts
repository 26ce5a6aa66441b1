import type { Change } from '#core/change.ts';
import { type OperationRecord, publicOperation } from '#core/operation/operation.ts';
import type { Started } from '#core/operation/repeated-request.ts';
import { beginOperation } from '#core/operation/writes.ts';
import { moveTenant, publicTenant, type TenantRecord } from '#core/tenant/tenant-record.ts';
import { putTenant } from '#core/tenant/writes.ts';
import { claimSlug, onboarding } from './register-tenant.ts';

interface RetryFacts {
  tenant: TenantRecord;
  operationId: string;
  requestId: string;
  now: string;
}

/** Starts the onboarding of a failed tenant again: a new operation, the slug claimed anew. */
export const retryOnboarding = (
  facts: RetryFacts,
): { change: Omit<Change, 'cause'>; operation: OperationRecord; answer: Started } => {
  const { tenant, operationId, requestId, now } = facts;
  const { failure: _failure, ...requested } = moveTenant(tenant, 'requested', now);
  const operation = onboarding({ operationId, tenantId: tenant.tenantId, requestId, now });
  return {
    operation,
    answer: { tenant: publicTenant(requested), operation: publicOperation(operation) },
    change: {
      stream: tenant.tenantId,
      writes: [putTenant(tenant, requested), claimSlug(tenant.slug, tenant.tenantId), ...beginOperation(operation)],
      audit: [
        {
          action: 'tenant.onboarding.retried',
          target: { type: 'tenant', id: tenant.tenantId },
          operationId,
          ...(tenant.failure && { before: { failure: tenant.failure } }),
        },
      ],
    },
  };
};
