import { errorCodeOf } from '#core/contract/api/errors.ts';
import type { Step } from '#core/contract/model/operation.ts';
import type { Failure } from '#core/contract/model/tenant.ts';
import { mostRestarts, operationKinds } from './kinds.ts';
import { isBeingUndone, isDone, isKnownKind, type OperationRecord } from './operation.ts';

/** What the workflow service knows of the operation's latest execution; `none` where it was never started. */
export type ExecutionState = 'none' | 'running' | 'succeeded' | 'failed';

/**
 * What is to be done about an operation that has not ended for good. `continue`: its execution left the work to another
 * one, as where changes wait in a queue; it is started again, and that is no failure.
 */
export type Settlement = 'leave' | 'start' | 'continue' | 'complete' | 'undo' | 'restart' | 'fail' | 'unknown-kind';

/** Decides from the record and the state of its execution alone; `unknown-kind` is left for people to look at. */
export const settlementOf = (operation: OperationRecord, execution: ExecutionState): Settlement => {
  if (!isKnownKind(operation)) return 'unknown-kind';
  if (operation.status === 'rollback-failed') return 'undo';
  if (operation.status !== 'running' || execution === 'running') return 'leave';
  if (execution === 'none') return isBeingUndone(operation) ? 'undo' : 'start';
  if (isDone(operation) && !isBeingUndone(operation)) return 'complete';
  const { onFailure } = operationKinds[operation.kind];
  switch (onFailure) {
    case 'undo':
    case 'discard':
      return 'undo';
    case 'resume':
      return execution === 'succeeded' ? 'continue' : 'restart';
    case 'alarm':
      if (execution === 'succeeded') return 'continue';
      return (operation.restarts ?? 0) < mostRestarts ? 'restart' : 'fail';
    default:
      return onFailure satisfies never;
  }
};

/** How an execution ended, by its history: which state, which error, how often it was tried. */
export interface ExecutionFault {
  step: string | undefined;
  error: string;
  message: string;
  attempts: number;
}

/** The failure as the record keeps it; a fault outside any step is put down to the first step that is not done. */
export const failureOf = (operation: OperationRecord, fault: ExecutionFault): Failure => {
  const open = operation.steps.find(({ status }) => status !== 'succeeded');
  const step = fault.step ?? open?.name ?? operationKinds[operation.kind].steps[0];
  return { step, code: errorCodeOf(fault.error), message: fault.message };
};

/** The steps as they stand after a failure: the one that failed says why, those after it were never reached. */
export const failedSteps = (operation: OperationRecord, failure: Failure, attempts: number, now: string): Step[] => {
  const error = { code: failure.code, message: failure.message };
  return operation.steps.map((step): Step => {
    if (step.name === failure.step) {
      return { ...step, status: 'failed', attempts: Math.max(attempts, step.attempts), endedAt: now, error };
    }
    // Marked running but never called: the step before it failed after taking effect.
    return step.status === 'running' ? pendingAgain(step) : step;
  });
};

const pendingAgain = ({ startedAt: _started, ...step }: Step): Step => ({ ...step, status: 'pending' });

/** Records why a forward-only operation has stopped; it stays `running` until it is restarted. */
export const recordFault = (operation: OperationRecord, fault: ExecutionFault, now: string): OperationRecord => {
  const failure = failureOf(operation, fault);
  return { ...operation, failure, steps: failedSteps(operation, failure, fault.attempts, now) };
};

/** The operation as it is started again: the step that failed runs once more, its failure stays until it succeeds. */
export const restarted = (operation: OperationRecord, now: string): OperationRecord => {
  const next = operation.steps.findIndex(({ status }) => status !== 'succeeded');
  return {
    ...operation,
    restarts: (operation.restarts ?? 0) + 1,
    steps: operation.steps.map((step, index): Step => {
      if (index !== next) return step;
      const { endedAt: _ended, ...again } = step;
      return { ...again, status: 'running', startedAt: now };
    }),
  };
};

/** Ends an operation that is not restarted any more: what it did stays, and people must look at it. */
export const endFailed = (operation: OperationRecord, now: string): OperationRecord => ({
  ...operation,
  status: 'failed',
  endedAt: now,
  steps: operation.steps.map((step): Step => (step.status === 'pending' ? { ...step, status: 'skipped' } : step)),
});
