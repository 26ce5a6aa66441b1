import type { ScheduledEvent } from 'aws-lambda';
import { isOnboarding } from '#core/operation/steps.ts';
import type { OperationRecord } from '#core/tenant/tenant-record.ts';
import { onSchedule } from '#functions/shell/schedule.ts';
import type { Log } from '#functions/shell/telemetry.ts';
import { openOperations } from '#stores/registry/tenants.ts';
import { executionStatus, onboardingArn, startOnboarding, startRollBack } from '#stores/workflows/executions.ts';
import { runKey } from './run-key.ts';
import { settle } from './settle.ts';

/** Finds operations that nobody works on any more: starts those never started, settles those whose workflow has ended. */
export const reconcileOperations = async (event: ScheduledEvent, log: Log): Promise<void> => {
  const turn = runKey(event);
  for await (const operation of openOperations('running')) await reconcile(operation, turn, log);
  for await (const operation of openOperations('rollback-failed')) await rollBackAgain(operation, turn, log);
};

const reconcile = async (operation: OperationRecord, turn: string, log: Log) => {
  if (!isOnboarding(operation)) return reportUnknown(operation, log);
  const status = await executionStatus(onboardingArn(operation.id));
  if (status === 'RUNNING' || status === 'PENDING_REDRIVE') return;
  if (status !== undefined) return settle(operation, turn, log);
  log.warn('an operation had no workflow; it is started', { operationId: operation.id, tenantId: operation.tenantId });
  await startOnboarding(inputOf(operation));
};

/** Left as it is: to start or undo it as an onboarding would harm its tenant. */
const reportUnknown = ({ id, kind, tenantId }: OperationRecord, log: Log) =>
  log.error(`an operation of the unknown kind "${kind}" is left alone`, { operationId: id, tenantId });

const rollBackAgain = async (operation: OperationRecord, turn: string, log: Log) => {
  if (!isOnboarding(operation)) return reportUnknown(operation, log);
  log.warn('an operation is rolled back by the schedule', { operationId: operation.id, tenantId: operation.tenantId });
  await startRollBack(inputOf(operation), turn);
};

const inputOf = ({ id, tenantId, requestId }: OperationRecord) => ({ tenantId, operationId: id, requestId });

export const handler = onSchedule('reconcile-operations', reconcileOperations);
