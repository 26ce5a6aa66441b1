import type { Cause } from '#core/change.ts';
import { AppError } from '#core/contract/api/errors.ts';
import { isBeingUndone } from '#core/operation/operation.ts';
import { assertUndoable, beginRollBack, resumeRollBack } from '#core/operation/roll-back.ts';
import { deps } from '#functions/deps.ts';
import type { TaskInput } from '#functions/shell/task.ts';
import { commit } from '#stores/registry/commit.ts';
import { readTenantOperation, type TenantOperation } from '#stores/registry/operations.ts';
import { readFault } from '#stores/workflows/executions.ts';
import { tenantIdOf } from './step.ts';

/**
 * Brings the operation under its roll-back, with the true cause from the execution's history on its record.
 * `undefined` where it has been rolled back already; throws `operation_ended` where it may not be.
 */
export const underRollBack = async (input: TaskInput, cause: Cause): Promise<TenantOperation | undefined> => {
  const tenantId = tenantIdOf(input);
  const read = await readTenantOperation(tenantId, input.operationId);
  const { tenant, operation } = read;
  if (operation.failure !== undefined && operation.endedAt !== undefined) return undefined;
  if (operation.status === 'rollback-failed') {
    await commit({ ...resumeRollBack(tenant, operation, deps.now()), cause });
    return readTenantOperation(tenantId, input.operationId);
  }
  if (isBeingUndone(operation)) return read;
  if (!input.failedExecution) throw new AppError('internal', 'A roll-back must be given the execution that failed.');
  assertUndoable(tenant, operation);
  const fault = await readFault(input.failedExecution, operation);
  await commit({ ...beginRollBack(tenant, operation, fault, deps.now()), cause });
  return readTenantOperation(tenantId, input.operationId);
};

/** Two roll-backs of one operation may meet: the later one is tried again, and then finds the work done. */
export const retryIfConcurrent = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    const isConcurrent = error instanceof AppError && ['operation_ended', 'version_conflict'].includes(error.code);
    throw isConcurrent
      ? new AppError('dependency_unavailable', `Another roll-back may be under way: ${error.message}`, { cause: error })
      : error;
  }
};
