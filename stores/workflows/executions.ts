import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  type ExecutionStatus,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { onboardingSteps } from '#core/contract/model/operation.ts';
import { environment, type WorkflowName } from '#core/contract/platform/names.ts';
import type { FlagChange } from '#core/flags/change-flag-set.ts';
import type { ExecutionFault } from '#core/operation/roll-back.ts';
import { states } from '#stores/aws/clients.ts';
import { setting } from '#stores/aws/environment.ts';

/** What every execution is given: ids only, so that no fact can be stale. */
export interface ExecutionInput {
  tenantId: string;
  operationId: string;
  requestId: string;
}

const workflowArn = (workflow: WorkflowName) => setting(environment.workflowArn(workflow));
const executionArn = (workflow: WorkflowName, name: string) =>
  `${workflowArn(workflow).replace(':stateMachine:', ':execution:')}:${name}`;

/** The onboarding of an operation is named by it: a repeat cannot start it twice. */
export const onboardingArn = (operationId: string) => executionArn('onboard-tenant', operationId);

const start = async (workflow: WorkflowName, name: string, input: object) => {
  try {
    await states.send(
      new StartExecutionCommand({ stateMachineArn: workflowArn(workflow), name, input: JSON.stringify(input) }),
    );
  } catch (error) {
    if (!(error instanceof ExecutionAlreadyExists)) throw error;
  }
};

export const startOnboarding = ({ tenantId, operationId, requestId }: ExecutionInput) =>
  start('onboard-tenant', operationId, { tenantId, operationId, requestId });

/** Rolls back an operation whose own workflow could not; at most once for each `turn`. */
export const startRollBack = ({ tenantId, operationId, requestId }: ExecutionInput, turn: string) =>
  start('roll-back-tenant', `${operationId}-${turn}`, {
    tenantId,
    operationId,
    requestId,
    failedExecution: onboardingArn(operationId),
  });

/** Carries a change of the flag set to the tenants; every change after it too, until all are carried. */
export const startSpread = ({ id, flagSetVersion, cause }: FlagChange, turn = '') =>
  start('spread-flag-change', `${id}${turn && `-${turn}`}`, {
    operationId: id,
    requestId: cause.requestId,
    flagSetVersion,
  });

/** The status of an execution; `undefined` where it was never started. */
export const executionStatus = async (arn: string): Promise<ExecutionStatus | undefined> => {
  try {
    return (await states.send(new DescribeExecutionCommand({ executionArn: arn }))).status;
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return undefined;
    throw error;
  }
};

/** What went wrong in an execution, from its own history: the state, the error, and how often it was tried. */
export const readFault = async (arn: string): Promise<ExecutionFault> => {
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
    return faultIn(events);
  } catch (error) {
    if (!(error instanceof ExecutionDoesNotExist)) throw error;
    return { step: undefined, error: 'Internal', message: 'The workflow never started.', attempts: 0 };
  }
};

const isStep = (name: string | undefined) => (onboardingSteps as readonly (string | undefined)[]).includes(name);

/** Stopped or out of time: whatever had failed before and was to be tried again is not why it ended. */
const cutOff = ([last]: readonly HistoryEvent[]) =>
  last?.type === 'ExecutionAborted' || last?.type === 'ExecutionTimedOut';

/** Reads a history that is given newest first: what came after the last step, its roll-back, is left out. */
const faultIn = (events: readonly HistoryEvent[]): ExecutionFault => {
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
