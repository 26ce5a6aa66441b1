import type { Cause } from '#core/change.ts';
import { resumeTenant } from '#core/resume-tenant/resume-tenant.ts';
import { suspendTenant } from '#core/suspend-tenant/suspend-tenant.ts';
import { deps } from '#functions/deps.ts';
import { type Requested, requestOperation } from '#functions/operation/request.ts';

interface Request {
  tenantId: string;
  reason?: string | undefined;
  idempotencyKey: string | undefined;
  cause: Cause;
}

const decisions = { suspend: suspendTenant, resume: resumeTenant } as const;

const requestFor =
  (kind: keyof typeof decisions) =>
  ({ tenantId, reason, idempotencyKey, cause }: Request): Promise<Requested> => {
    const request = { content: { kind, tenantId, reason }, idempotencyKey, cause };
    return requestOperation(kind, tenantId, request, (tenant) =>
      decisions[kind]({ tenant, reason, request, operationId: deps.newOperationId(), now: deps.now() }),
    );
  };

/** Suspends a tenant, for every way in. */
export const requestSuspension = requestFor('suspend');

/** Puts a suspended tenant back into service, for every way in. */
export const requestResumption = requestFor('resume');
