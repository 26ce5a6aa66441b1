import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { environment, type WorkflowName } from '#core/contract/platform/names.ts';
import { workflowOf } from '#core/operation/kinds.ts';
import type { OperationRecord } from '#core/operation/operation.ts';
import type { ExecutionFault, ExecutionState } from '#core/operation/settle.ts';
import { states } from '#stores/aws/clients.ts';
import { setting } from '#stores/aws/environment.ts';

type Started = Pick<OperationRecord, 'id' | 'kind' | 'subject' | 'restarts' | 'requestId'>;

const workflowArn = (workflow: WorkflowName) => setting(environment.workflowArn(workflow));

/** An execution is named by its operation and how often that was restarted: a repeat cannot start it twice. */
const executionName = ({ id, restarts }: Pick<Started, 'id' | 'restarts'>) =>
  restarts === undefined ? id : `${id}-${restarts}`;

/** The ARN of the operation's latest execution. */
export const executionArn = (operation: Pick<Started, 'id' | 'kind' | 'restarts'>) =>
  `${workflowArn(workflowOf(operation.kind)).replace(':stateMachine:', ':execution:')}:${executionName(operation)}`;

/** Ids only, so that no fact can be stale. A tenant's id stands by itself as well, for people who search for it. */
const inputOf = ({ id, subject, requestId }: Started) => ({
  operationId: id,
  subject,
  ...(subject.type === 'tenant' && { tenantId: subject.id }),
  requestId,
});

const start = async (workflow: WorkflowName, name: string, input: object) => {
  try {
    await states.send(
      new StartExecutionCommand({ stateMachineArn: workflowArn(workflow), name, input: JSON.stringify(input) }),
    );
  } catch (error) {
    if (!(error instanceof ExecutionAlreadyExists)) throw error;
  }
};

/** Starts the operation's workflow, unless this run of it has been started. */
export const startOperation = (operation: Started) =>
  start(workflowOf(operation.kind), executionName(operation), inputOf(operation));

/** Rolls back an operation whose own workflow could not; at most once for each `runKey`. */
export const startRollBack = (operation: Started, runKey: string) =>
  start('roll-back-tenant', `${operation.id}-${runKey}`, {
    ...inputOf(operation),
    failedExecution: executionArn(operation),
  });

/** What is known of the operation's latest execution. */
export const readExecutionState = async (operation: Started): Promise<ExecutionState> => {
  try {
    const { status } = await states.send(new DescribeExecutionCommand({ executionArn: executionArn(operation) }));
    if (status === 'RUNNING' || status === 'PENDING_REDRIVE') return 'running';
    return status === 'SUCCEEDED' ? 'succeeded' : 'failed';
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return 'none';
    throw error;
  }
};

/** What went wrong in an execution, from its own history: the step, the error, and how often it was tried. */
export const readFault = async (arn: string, { steps }: Pick<OperationRecord, 'steps'>): Promise<ExecutionFault> => {
  try {
    // The fault is at the end: one page of the history, read backwards, holds every attempt of one state.
    const { events = [] } = await states.send(
      new GetExecutionHistoryCommand({
        executionArn: arn,
        reverseOrder: true,
        maxResults: 100,
        includeExecutionData: true,
      }),
    );
    return faultIn(events, (name) => steps.some((step) => step.name === name));
  } catch (error) {
    if (!(error instanceof ExecutionDoesNotExist)) throw error;
    return { step: undefined, error: 'Internal', message: 'The workflow never started.', attempts: 0 };
  }
};

/** Stopped or out of time: whatever had failed before and was to be tried again is not why it ended. */
const cutOff = ([last]: readonly HistoryEvent[]) =>
  last?.type === 'ExecutionAborted' || last?.type === 'ExecutionTimedOut';

/** Reads a history that is given newest first: what came after the last step, its roll-back, is left out. */
const faultIn = (events: readonly HistoryEvent[], isStep: (name: string | undefined) => boolean): ExecutionFault => {
  const entered = events.findIndex(({ stateEnteredEventDetails: state }) => isStep(state?.name));
  const step = events[entered]?.stateEnteredEventDetails?.name;
  const since = entered === -1 ? [] : events.slice(0, entered).toReversed();
  const next = since.findIndex(({ stateEnteredEventDetails: state }) => state !== undefined);
  const ofStep = next === -1 ? since : since.slice(0, next);
  const isLeft = ofStep.some(({ stateExitedEventDetails: state }) => state?.name === step);
  const failed =
    isLeft || cutOff(events) ? undefined : ofStep.map(failureIn).findLast((failure) => failure !== undefined);
  const attempts = ofStep.filter(({ type }) => type === 'LambdaFunctionScheduled').length;
  return { step: isLeft ? undefined : step, attempts, ...(failed ?? endOf(events)) };
};

const failureIn = ({
  lambdaFunctionFailedEventDetails: failed,
  lambdaFunctionTimedOutEventDetails: timedOut,
  taskFailedEventDetails: task,
}: HistoryEvent) => {
  const details = failed ?? timedOut ?? task;
  return (
    details && {
      error: details.error ?? 'Internal',
      message: errorMessageIn(details.cause) ?? 'The function failed and gave no cause.',
    }
  );
};

const endOf = (events: readonly HistoryEvent[]) => {
  for (const { executionAbortedEventDetails: aborted, executionTimedOutEventDetails: timedOut, type } of events) {
    if (type === 'ExecutionAborted')
      return { error: 'Internal', message: `The workflow was stopped${because(aborted?.cause)}.` };
    if (type === 'ExecutionTimedOut')
      return { error: 'Internal', message: `The workflow ran out of time${because(timedOut?.cause)}.` };
  }
  return { error: 'Internal', message: 'The workflow ended without a cause.' };
};

const because = (cause: string | undefined) => (cause ? `: ${cause}` : '');

/** A Lambda's cause is JSON with `errorMessage`; other causes are plain text. */
export const errorMessageIn = (cause: string | undefined): string | undefined => {
  if (!cause?.startsWith('{')) return cause;
  try {
    return (JSON.parse(cause) as { errorMessage?: string }).errorMessage ?? cause;
  } catch (error) {
    if (error instanceof SyntaxError) return cause;
    throw error;
  }
};
