import type { Change } from '#core/change.ts';
import { keys } from '#core/keys.ts';
import { newOperation } from '#core/operation/steps.ts';
import {
  moveTenant,
  operationItem,
  publicOperation,
  publicTenant,
  type TenantRecord,
} from '#core/tenant/tenant-record.ts';
import { putTenant } from '#core/tenant/writes.ts';
import type { Registration } from './register-tenant.ts';
import { claimSlug } from './register-tenant.ts';

interface RetryFacts {
  tenant: TenantRecord;
  operationId: string;
  requestId: string;
  now: string;
}

/** Starts the onboarding of a failed tenant again: a new operation, the slug claimed anew. */
export const retryOnboarding = (facts: RetryFacts): { change: Omit<Change, 'cause'>; answer: Registration } => {
  const { tenant, operationId, requestId, now } = facts;
  const { failure: _failure, ...requested } = moveTenant(tenant, 'requested', now);
  const operation = newOperation({ operationId, tenantId: tenant.tenantId, requestId, now });
  return {
    answer: { tenant: publicTenant(requested), operation: publicOperation(operation) },
    change: {
      stream: tenant.tenantId,
      writes: [
        putTenant(tenant, requested),
        claimSlug(tenant.slug, tenant.tenantId),
        { kind: 'put', table: 'tenants', item: operationItem(operation) },
        { kind: 'put', table: 'tenants', item: { ...keys.operationOwner(operationId), tenantId: tenant.tenantId } },
      ],
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
