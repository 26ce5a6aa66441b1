import type { Change } from '#core/change.ts';
import { newOperation, type OperationRecord, publicOperation } from '#core/operation/operation.ts';
import { rememberRequest, type Started } from '#core/operation/repeated-request.ts';
import { beginOperation } from '#core/operation/writes.ts';
import type { SuspensionFacts } from '#core/suspend-tenant/suspend-tenant.ts';
import { publicTenant } from '#core/tenant/tenant-record.ts';

/** Begins to put a suspended tenant back into service: it stays suspended until it has passed its health check. */
export const resumeTenant = ({
  tenant,
  reason,
  operationId,
  now,
  request,
}: SuspensionFacts): { change: Change; operation: OperationRecord; answer: Started } => {
  const { tenantId, suspension } = tenant;
  const subject = { type: 'tenant', id: tenantId } as const;
  const { requestId } = request.cause;
  const operation = newOperation({ kind: 'resume', subject, operationId, requestId, now, reason });
  const answer = { tenant: publicTenant(tenant), operation: publicOperation(operation) };
  return {
    operation,
    answer,
    change: {
      stream: tenantId,
      cause: request.cause,
      writes: [...rememberRequest(request, answer), ...beginOperation(operation)],
      audit: [
        {
          action: 'tenant.resumption.started',
          target: subject,
          operationId,
          ...(suspension && { before: { suspension: { ...suspension, reason: suspension.reason ?? null } } }),
          ...(reason !== undefined && { reason }),
        },
      ],
    },
  };
};
