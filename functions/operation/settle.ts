import type { Cause } from '#core/change.ts';
import { AppError } from '#core/contract/api/errors.ts';
import { completeOperation, type OperationRecord } from '#core/operation/operation.ts';
import { endFailed, recordFault, restarted, type Settlement, settlementOf } from '#core/operation/settle.ts';
import { streamOf } from '#core/operation/stream.ts';
import { putOperation } from '#core/operation/writes.ts';
import { deps } from '#functions/deps.ts';
import { count, type Log } from '#functions/shell/telemetry.ts';
import { commit } from '#stores/registry/commit.ts';
import {
  executionArn,
  readExecutionState,
  readFault,
  startOperation,
  startRollBack,
} from '#stores/workflows/executions.ts';
import { completions } from './completions.ts';

interface Settling {
  /** Names the minute: two callers within it start one roll-back, not two. */
  runKey: string;
  /** Whether a forward-only operation is started again now; its schedule keeps one that fails at once from spinning. */
  mayRestart: boolean;
  log: Log;
}

/**
 * Brings an operation on that nobody works on any more, as its kind demands: starts it, completes it, rolls it back,
 * restarts it, or ends it as failed. An operation of a kind that this version does not know is left alone.
 */
export const settle = async (operation: OperationRecord, settling: Settling): Promise<void> => {
  try {
    await carryOut(await settlementFor(operation), operation, settling);
  } catch (error) {
    // Another call has settled it meanwhile.
    if (!(error instanceof AppError && error.code === 'operation_ended')) throw error;
  }
};

const carryOut = async (
  settlement: Settlement,
  operation: OperationRecord,
  { runKey, mayRestart, log }: Settling,
): Promise<void> => {
  report(settlement, operation, log);
  switch (settlement) {
    case 'leave':
      break;
    case 'unknown-kind':
      count('operationStuck');
      break;
    case 'start':
      await startOperation(operation);
      break;
    case 'continue':
      if (mayRestart) await startAgain(operation, operation);
      break;
    case 'complete':
      await completions[operation.kind]?.(operation);
      await put(operation, completeOperation(operation, deps.now()));
      break;
    case 'undo':
      await startRollBack(operation, runKey);
      break;
    case 'restart':
      await (mayRestart ? restart(operation) : put(operation, await withFault(operation)));
      break;
    case 'fail':
      await fail(operation);
      break;
    default:
      settlement satisfies never;
  }
};

const report = (settlement: Settlement, { id: operationId, kind, tenantId }: OperationRecord, log: Log) => {
  if (settlement === 'leave' || settlement === 'continue' || settlement === 'complete') return;
  const level = settlement === 'unknown-kind' || settlement === 'fail' ? 'error' : 'warn';
  log[level](`${kind}: ${reasons[settlement]}`, { operationId, tenantId });
};

/** A kind of another version may have a workflow, or none: its execution is not asked for. */
const settlementFor = async (operation: OperationRecord): Promise<Settlement> => {
  const beforehand = settlementOf(operation, 'running');
  return beforehand === 'leave' ? settlementOf(operation, await readExecutionState(operation)) : beforehand;
};

const reasons: Readonly<Record<Exclude<Settlement, 'leave' | 'continue' | 'complete'>, string>> = {
  start: 'the operation has no workflow; it is started',
  undo: 'the workflow of the operation has ended without its work; the operation is rolled back',
  restart: 'the workflow of the operation has ended without its work; it is restarted',
  fail: 'the operation failed too often; it ends as failed',
  'unknown-kind': 'the kind of the operation is unknown to this version; it is left alone',
};

const withFault = async (operation: OperationRecord) =>
  recordFault(operation, await readFault(executionArn(operation), operation), deps.now());

const restart = async (operation: OperationRecord) => {
  const again = await startAgain(operation, await withFault(operation));
  if ((again.restarts ?? 0) >= stuckAfterRestarts) count('operationStuck');
};

const startAgain = async (read: OperationRecord, reached: OperationRecord): Promise<OperationRecord> => {
  const again = restarted(reached, deps.now());
  await put(read, again);
  await startOperation(again);
  return again;
};

/** From then on each further restart raises the alarm. */
const stuckAfterRestarts = 3;

const fail = async (operation: OperationRecord) => {
  const failed = endFailed(await withFault(operation), deps.now());
  const { id, subject, failure } = failed;
  await commit({
    stream: streamOf(subject),
    cause: causeOf(operation),
    writes: putOperation(operation, failed),
    audit: [
      {
        action: 'operation.failed',
        target: { ...subject },
        operationId: id,
        ...(failure && { after: { failure }, reason: failure.message }),
      },
    ],
  });
  count('operationStuck');
};

const put = (read: OperationRecord, next: OperationRecord) =>
  commit({ stream: streamOf(read.subject), cause: causeOf(read), writes: putOperation(read, next), audit: [] });

const causeOf = ({ requestId }: OperationRecord): Cause => ({
  actor: { type: 'service', id: 'settle-operation' },
  requestId,
  source: {},
});
