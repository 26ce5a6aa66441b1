import type { Cause } from '#core/change.ts';
import { AppError } from '#core/contract/api/errors.ts';
import { assertUndoable, beginRollBack, resumeRollBack } from '#core/operation/roll-back.ts';
import { assertOnboarding } from '#core/operation/steps.ts';
import type { OperationRecord, TenantFile } from '#core/tenant/tenant-record.ts';
import { deps } from '#functions/deps.ts';
import type { TaskInput } from '#functions/shell/task.ts';
import { commit } from '#stores/registry/commit.ts';
import { readTenantFile } from '#stores/registry/tenants.ts';
import { readFault } from '#stores/workflows/executions.ts';
import { operationIn } from './onboarding-step.ts';

interface UnderRollBack {
  file: TenantFile;
  operation: OperationRecord;
}

/**
 * Brings the tenant to `rolling-back`, with the true cause from the execution's history on its record, and reads all
 * that is known of it. `undefined` where the operation has been rolled back already.
 */
export const underRollBack = async (input: TaskInput, cause: Cause): Promise<UnderRollBack | undefined> => {
  const read = await readRecords(input);
  const { tenant } = read.file;
  if (read.operation.status === 'rolled-back') return undefined;
  assertOnboarding(read.operation);
  if (tenant.status === 'rolling-back') return read;
  if (tenant.status === 'rollback-failed') {
    await commit({ ...resumeRollBack(tenant, read.operation, deps.now()), cause });
    return readRecords(input);
  }
  if (!input.failedExecution) throw new AppError('internal', 'A roll-back must be told which execution failed.');
  assertUndoable(tenant, read.operation);
  const fault = await readFault(input.failedExecution);
  await commit({ ...beginRollBack(tenant, read.operation, fault, deps.now()), cause });
  return readRecords(input);
};

/** Two roll-backs of one operation may meet: the one that comes late waits its turn, and then finds it done. */
export const orWait = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    const isMeeting = error instanceof AppError && ['operation_ended', 'version_conflict'].includes(error.code);
    throw isMeeting
      ? new AppError('dependency_unavailable', 'Another roll-back is under way.', { cause: error })
      : error;
  }
};

const readRecords = async ({ tenantId, operationId }: TaskInput): Promise<UnderRollBack> => {
  const file = await readTenantFile(tenantId);
  return { file, operation: operationIn(file, operationId) };
};
