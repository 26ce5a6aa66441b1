import type { ExecutionStatusChange } from '#local/aws/step-functions/answers.ts';
import { StepFunctions, type StepFunctionsOptions } from '#local/aws/step-functions/step-functions.ts';
import { VirtualClock } from '#local/clock.ts';
import { openState, type State } from '#local/state.ts';

export type Handler = (event: Record<string, unknown>) => unknown;

/** An event of a history, as far as tests look at it. */
export interface SeenEvent {
  id: number;
  previousEventId: number;
  type: string;
  [details: string]: unknown;
}

interface Arrangement extends Partial<StepFunctionsOptions> {
  handlers?: Record<string, Handler>;
  state?: State;
}

export const machineArn = (workflow: string) => `arn:aws:states:us-east-1:000000000000:stateMachine:${workflow}`;

/** Step Functions with these workflows and small functions, and what it did. */
export const stepFunctions = async ({ handlers = {}, ...options }: Arrangement) => {
  const state = options.state ?? (await openState());
  const clock = new VirtualClock(state);
  const changes: ExecutionStatusChange[] = [];
  const faults: unknown[] = [];
  const waiting = new Map<string, (change: ExecutionStatusChange) => void>();
  const onStatusChange = (change: ExecutionStatusChange) => {
    changes.push(change);
    if (change.status !== 'RUNNING') waiting.get(change.executionArn)?.(change);
  };
  const states = await StepFunctions.open({
    workflows: {},
    functions: new Set(Object.keys(handlers)),
    invoke: async (name, event) => handlers[name]!(event as Record<string, unknown>),
    clock,
    state,
    onStatusChange,
    report: (fault) => faults.push(fault),
    ...options,
  });
  const call = async <Answer>(operation: string, input: object): Promise<Answer> =>
    (await states.call(operation, { ...input })) as Answer;
  const history = async (executionArn: string, paging = {}) =>
    (await call<{ events: SeenEvent[] }>('GetExecutionHistory', { executionArn, maxResults: 1000, ...paging })).events;
  const start = (workflow: string, input: unknown = {}, name?: string) =>
    call<{ executionArn: string; startDate: number }>('StartExecution', {
      stateMachineArn: machineArn(workflow),
      input: JSON.stringify(input),
      ...(name && { name }),
    });
  const describe = (executionArn: string) => call<Record<string, unknown>>('DescribeExecution', { executionArn });
  /** Resolves once the end of the execution has been announced. */
  const ended = async (executionArn: string) => {
    const told = changes.find((change) => change.executionArn === executionArn && change.status !== 'RUNNING');
    return told ?? (await new Promise<ExecutionStatusChange>((resolve) => waiting.set(executionArn, resolve)));
  };
  const run = async (workflow: string, input?: unknown) => {
    const { executionArn } = await start(workflow, input);
    const change = await ended(executionArn);
    return { ...change, events: await history(executionArn) };
  };
  return { state, clock, changes, faults, states, call, start, describe, ended, history, run };
};

/** A Task of the function of the same name, with what a test adds to it. */
export const aTask = (name: string, fields: object = {}) => ({ Type: 'Task', Resource: `\${${name}}`, ...fields });

/** States that follow one another in the order given. */
export const inOrder = (states: Record<string, object>) => {
  const names = Object.keys(states);
  const linked = Object.entries(states).map(([name, state], index) => {
    const next = names[index + 1];
    const isFinal = 'Type' in state && ['Succeed', 'Fail', 'Choice'].includes(String(state.Type));
    const onward = isFinal || 'Next' in state || 'End' in state ? {} : next ? { Next: next } : { End: true };
    return [name, { ...state, ...onward }];
  });
  return { StartAt: names[0], States: Object.fromEntries(linked) };
};

/** Retries the error, at once unless told otherwise. */
export const retry = (error: string, fields: object = {}) => ({
  Retry: [
    { ErrorEquals: [error], IntervalSeconds: 1, MaxDelaySeconds: 1, MaxAttempts: 2, JitterStrategy: 'FULL', ...fields },
  ],
});

export const named = (name: string, message = name) => Object.assign(new Error(message), { name });

export const typesOf = (events: readonly SeenEvent[]) => events.map(({ type }) => type);
