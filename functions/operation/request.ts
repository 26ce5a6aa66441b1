import { AppError, notFound } from '#core/contract/api/errors.ts';
import type { Operation } from '#core/contract/model/operation.ts';
import { type OperationKind, operationKinds } from '#core/operation/kinds.ts';
import { beginsIn, mayBegin } from '#core/operation/may-begin.ts';
import { publicOperation } from '#core/operation/operation.ts';
import { type KeyedRequest, rememberRequest, type Started } from '#core/operation/repeated-request.ts';
import { publicTenant, type TenantRecord } from '#core/tenant/tenant-record.ts';
import { commit, isOutdated } from '#stores/registry/commit.ts';
import { findOperation, listOperations, readLease } from '#stores/registry/operations.ts';
import { findTenant } from '#stores/registry/tenants.ts';
import { retryOnConflict } from '#stores/retry-on-conflict.ts';
import { answeredBefore, type Beginning, beginAndStart, inProgress } from './begin.ts';

/** The operation, and whether this request began it: a repeat is given the one that does or did the same. */
export interface Requested {
  answer: Started;
  isNew: boolean;
}

/**
 * Begins an operation on a tenant, decided on the record as it is. The same request again, and one for what is already
 * so, get the operation that did it. Throws `operation_in_progress`, `invalid_transition` or `idempotency_mismatch`.
 */
export const requestOperation = async (
  kind: OperationKind,
  tenantId: string,
  request: KeyedRequest,
  decide: (tenant: TenantRecord) => Beginning,
): Promise<Requested> => {
  const first = await answeredBefore(request);
  if (first) return { answer: first, isNew: false };
  return retryOnConflict({ isConflict: isOutdated }, async () => {
    const tenant = await findTenant(tenantId);
    if (!tenant) throw notFound();
    const same = await operationInTheWay(kind, tenant);
    if (!same) return { answer: await beginAndStart(decide(tenant), request), isNew: true };
    const answer = { tenant: publicTenant(tenant), operation: same };
    await remember(request, tenantId, answer);
    return { answer, isNew: false };
  });
};

/** The operation that does, or did, the same; nothing where a new one may begin. Throws where none may. */
const operationInTheWay = async (kind: OperationKind, tenant: TenantRecord): Promise<Operation | undefined> => {
  const { tenantId, status } = tenant;
  const lease = await readLease(tenantId);
  if (lease) {
    const held = lease.kind === kind && (await findOperation(lease.operationId, { type: 'tenant', id: tenantId }));
    if (held) return publicOperation(held);
    throw inProgress(lease);
  }
  if (mayBegin(kind, tenant)) return undefined;
  const spec = operationKinds[kind];
  const isDone = spec.subject === 'tenant' && spec.tenant.to === status;
  const [last] = isDone ? (await listOperations({ tenantId, kind }, { limit: 1 })).items : [];
  if (last) return publicOperation(last);
  const message = `The tenant is ${status}; ${kind} is for one that is ${beginsIn(kind)}.`;
  throw new AppError('invalid_transition', message);
};

/** Without it, a late repeat of this request could undo what was asked for after it. */
const remember = async (request: KeyedRequest, tenantId: string, answer: Started) => {
  const writes = rememberRequest(request, answer);
  if (writes.length === 0) return;
  try {
    await commit({ stream: tenantId, cause: request.cause, writes, audit: [] });
  } catch (error) {
    // The same request, made at the same time, was remembered first.
    if (!(error instanceof AppError && error.code === 'idempotency_mismatch')) throw error;
  }
};
