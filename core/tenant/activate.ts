import type { AuditDraft, Write } from '#core/change.ts';
import type { OperationRecord } from '#core/operation/operation.ts';
import { moveTenant, type TenantRecord } from './tenant-record.ts';
import { putTenant } from './writes.ts';

/** Activates a tenant, after its onboarding or a suspension, and clears its failure. */
export const activate = (
  tenant: TenantRecord,
  operation: OperationRecord,
  now: string,
): { writes: Write[]; audit: Omit<AuditDraft, 'operationId'>[] } => {
  const { failure: _failure, suspension, ...active } = moveTenant(tenant, 'active', now);
  return {
    writes: [putTenant(tenant, active)],
    audit: [
      {
        action: suspension ? 'tenant.resumed' : 'tenant.activated',
        target: { type: 'tenant', id: tenant.tenantId },
        before: { status: tenant.status },
        after: { status: 'active' },
        ...(operation.reason !== undefined && { reason: operation.reason }),
      },
    ],
  };
};
