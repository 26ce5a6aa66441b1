import type { AuditHead } from '#core/audit/audit-chain.ts';
import type { Change } from '#core/change.ts';
import { AppError } from '#core/contract/api/errors.ts';
import type { Lease } from '#core/operation/lease.ts';
import type { OperationRecord } from '#core/operation/operation.ts';
import { type KeyedRequest, repeatedAnswer, type Started } from '#core/operation/repeated-request.ts';
import { commit } from '#stores/registry/commit.ts';
import { readLease } from '#stores/registry/operations.ts';
import { findRequest } from '#stores/registry/tenants.ts';
import { startOperation } from '#stores/workflows/executions.ts';

export interface Beginning {
  change: Change;
  operation: OperationRecord;
  answer: Started;
}

/**
 * Commits the beginning of a tenant's operation and starts its workflow. The same key with the same content is answered
 * as it was first. Throws `operation_in_progress`, with the id of the operation that excludes this one, and
 * `idempotency_mismatch`. `head` saves a read where the tenant's audit stream is known to be there, or not.
 */
export const beginAndStart = async (
  { change, operation, answer }: Beginning,
  request: KeyedRequest,
  head?: AuditHead,
): Promise<Started> => {
  try {
    await commit(change, head);
  } catch (error) {
    const first = isCode(error, 'idempotency_mismatch') ? await answeredBefore(request) : undefined;
    if (!first) throw await namingOperation(error, operation);
    await startOperation({ ...first.operation, requestId: request.cause.requestId });
    return first;
  }
  await startOperation(operation);
  return answer;
};

/** What this request was answered when it was made first; `idempotency_mismatch` where it said something else then. */
export const answeredBefore = async ({ content, idempotencyKey, cause }: KeyedRequest) => {
  const stored = idempotencyKey === undefined ? undefined : await findRequest(cause.actor, idempotencyKey);
  return stored && repeatedAnswer(stored, content);
};

const isCode = (error: unknown, code: AppError['code']) => error instanceof AppError && error.code === code;

/** The lease says which operation is in progress; if it was released meanwhile, a repeated request will succeed. */
const namingOperation = async (error: unknown, { subject }: OperationRecord) => {
  if (!isCode(error, 'operation_in_progress')) return error;
  const lease = await readLease(subject.id);
  if (!lease) return new AppError('dependency_unavailable', 'Another operation of the tenant has just ended.');
  return inProgress(lease, error);
};

export const inProgress = ({ operationId, kind }: Lease, cause?: unknown) =>
  new AppError(
    'operation_in_progress',
    `Operation ${operationId} (${kind}) of this tenant is in progress. Wait for it to end, then try again.`,
    { operationId, cause },
  );
