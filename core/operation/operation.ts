import type { Item } from '#core/change.ts';
import type { Operation, Progress, Step, Subject } from '#core/contract/model/operation.ts';
import { keys, recordOf } from '#core/keys.ts';
import { type OperationKind, operationKinds } from './kinds.ts';

/** The operation as it is stored: `input` is what its steps need to know and callers do not see. */
export type OperationRecord = Operation & {
  version: number;
  requestId: string;
  input?: Readonly<Record<string, unknown>>;
};

interface NewOperation {
  kind: OperationKind;
  subject: Subject;
  operationId: string;
  requestId: string;
  now: string;
  reason?: string | undefined;
  details?: Operation['details'];
  input?: OperationRecord['input'];
}

/** An operation that is about to run: its first step counts as running from now. */
export const newOperation = ({
  kind,
  subject,
  operationId,
  requestId,
  now,
  reason,
  details,
  input,
}: NewOperation): OperationRecord => {
  const { steps, progress } = operationKinds[kind];
  return {
    id: operationId,
    kind,
    subject,
    ...(subject.type === 'tenant' && { tenantId: subject.id }),
    requestId,
    status: 'running',
    steps: steps.map((name, index) =>
      index === 0 ? { name, status: 'running', startedAt: now, attempts: 0 } : { name, status: 'pending', attempts: 0 },
    ),
    ...(progress && { progress: { done: 0, unit: progress.unit } }),
    ...(reason !== undefined && { reason }),
    ...(details && { details }),
    ...(input && { input }),
    startedAt: now,
    version: 1,
  };
};

/** Operations that have not ended for good carry a status key, so that a schedule finds them without a scan. */
export const operationItem = (operation: OperationRecord): Item => ({
  ...keys.operation(operation.subject, operation.id),
  ...operation,
  entity: 'OPERATION',
  itemId: operation.id,
  ...(isOpen(operation) && { statusKey: `OPERATION#${operation.status}` }),
});

export const operationOf = (item: Item) => recordOf(item) as OperationRecord;

/** The operation as callers see it. */
export const publicOperation = ({
  version: _version,
  requestId: _requestId,
  input: _input,
  ...operation
}: OperationRecord): Operation => operation;

const isOpen = ({ status }: Operation) => status === 'running' || status === 'rollback-failed';

export const stepOf = (operation: Operation, name: string) => operation.steps.find((step) => step.name === name);

/** A kind read back from the registry may be one that this version does not know. */
export const isKnownKind = ({ kind }: { kind: string }) => Object.hasOwn(operationKinds, kind);

export const isUndoable = ({ kind }: Pick<Operation, 'kind'>) => {
  const { onFailure } = operationKinds[kind];
  return onFailure === 'undo' || onFailure === 'discard';
};

/** Its failure is recorded and what it made is being removed: none of its steps may run any more. */
export const isBeingUndone = (operation: Operation) =>
  operation.status === 'running' && operation.failure !== undefined && isUndoable(operation);

/** Every step succeeded. */
export const isDone = ({ steps }: Operation) => steps.every(({ status }) => status === 'succeeded');

/**
 * Marks the step succeeded and the next one running: one write says both. An operation that nothing can undo ends with
 * its last step; any other is `running` until its workflow has ended, since that may still undo it.
 */
export const completeStep = (
  operation: OperationRecord,
  name: string,
  attempts: number,
  now: string,
): OperationRecord => {
  const index = operation.steps.findIndex((step) => step.name === name);
  const steps = operation.steps.map((step, position): Step => {
    if (position === index) {
      const { error: _error, ...succeeded } = step;
      return { ...succeeded, status: 'succeeded', attempts, endedAt: now };
    }
    if (position === index + 1) return { ...step, status: 'running', startedAt: now };
    return step;
  });
  const completed = { ...operation, steps };
  return isDone(completed) && !isUndoable(operation) ? completeOperation(completed, now) : completed;
};

/** Records what a step found out, before it is marked done. */
export const withStepResult = (
  operation: OperationRecord,
  name: string,
  result: Record<string, unknown>,
): OperationRecord => withStep(operation, name, (step) => ({ ...step, result }));

/** Records that a step which had succeeded was called again: its answer was lost, its effect was not. */
export const recountAttempts = (operation: OperationRecord, name: string, attempts: number): OperationRecord =>
  withStep(operation, name, (step) => ({ ...step, attempts }));

export const withProgress = (operation: OperationRecord, progress: Omit<Progress, 'unit'>): OperationRecord => ({
  ...operation,
  progress: { unit: operation.progress?.unit ?? '', ...progress },
});

const withStep = (operation: OperationRecord, name: string, change: (step: Step) => Step): OperationRecord => ({
  ...operation,
  steps: operation.steps.map((step) => (step.name === name ? change(step) : step)),
});

/** Ends an operation for good, as succeeded: it ended when its last step did. */
export const completeOperation = (operation: OperationRecord, now: string): OperationRecord => {
  const { failure: _failure, ...succeeded } = operation;
  return { ...succeeded, status: 'succeeded', endedAt: operation.steps.at(-1)?.endedAt ?? now };
};
