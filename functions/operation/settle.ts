import { assertOnboarding, completeOperation, isDone } from '#core/operation/steps.ts';
import type { OperationRecord } from '#core/tenant/tenant-record.ts';
import { putOperation } from '#core/tenant/writes.ts';
import { deps } from '#functions/deps.ts';
import type { Log } from '#functions/shell/telemetry.ts';
import { commit } from '#stores/registry/commit.ts';
import { startRollBack } from '#stores/workflows/executions.ts';

/**
 * Ends a running operation whose workflow runs no more: it succeeded if every step did, or else is rolled back, which
 * a stopped, timed-out or broken workflow could not do itself. `turn` keeps two callers from starting one roll-back twice.
 */
export const settle = async (operation: OperationRecord, turn: string, log: Log): Promise<void> => {
  const { id, tenantId, requestId } = operation;
  assertOnboarding(operation);
  if (!isDone(operation)) {
    log.warn('the workflow of a running operation has ended; it is rolled back', { operationId: id, tenantId });
    return startRollBack({ tenantId, operationId: id, requestId }, turn);
  }
  const writes = [putOperation(operation, completeOperation(operation, deps.now()))];
  const cause = { actor: { type: 'service', id: 'settle-operation' }, requestId, source: {} } as const;
  await commit({ stream: tenantId, cause, writes, audit: [] });
};
