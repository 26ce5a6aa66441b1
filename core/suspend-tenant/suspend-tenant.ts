import type { Change } from '#core/change.ts';
import { newOperation, type OperationRecord, publicOperation } from '#core/operation/operation.ts';
import { type KeyedRequest, rememberRequest, type Started } from '#core/operation/repeated-request.ts';
import { beginOperation } from '#core/operation/writes.ts';
import { moveTenant, publicTenant, type TenantRecord } from '#core/tenant/tenant-record.ts';
import { putTenant } from '#core/tenant/writes.ts';

export interface SuspensionFacts {
  tenant: TenantRecord;
  reason: string | undefined;
  operationId: string;
  now: string;
  request: KeyedRequest;
}

interface Begun {
  change: Change;
  operation: OperationRecord;
  answer: Started;
}

/**
 * Suspends an active tenant: from this transaction on the API refuses it; the operation then closes its database login
 * and revokes its AWS sessions.
 * Throws `invalid_transition` for a tenant that is not active.
 */
export const suspendTenant = ({ tenant, reason, operationId, now, request }: SuspensionFacts): Begun => {
  const { tenantId } = tenant;
  const subject = { type: 'tenant', id: tenantId } as const;
  const { requestId } = request.cause;
  const operation = newOperation({ kind: 'suspend', subject, operationId, requestId, now, reason });
  const because = reason === undefined ? {} : { reason };
  const suspended = moveTenant(tenant, 'suspended', now, { suspension: { operationId, since: now, ...because } });
  const answer = { tenant: publicTenant(suspended), operation: publicOperation(operation) };
  return {
    operation,
    answer,
    change: {
      stream: tenantId,
      cause: request.cause,
      writes: [...rememberRequest(request, answer), ...beginOperation(operation), putTenant(tenant, suspended)],
      audit: [
        {
          action: 'tenant.suspended',
          target: subject,
          operationId,
          before: { status: tenant.status },
          after: { status: suspended.status },
          ...because,
        },
      ],
    },
  };
};
