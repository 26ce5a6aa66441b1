import { errorCatalogue, errorCodes, workflowErrorName } from '#core/contract/api/errors.ts';
import { type FunctionName, functionSpecs } from '#functions/manifest.ts';
import type { Branch, Definition, Fail, Parameters, States, Succeed, Task } from './definition.ts';

type AtLeastOne<T> = readonly [T, ...T[]];

interface About {
  comment: string;
  /** Time-out of the whole. */
  seconds: number;
  /** Name of the state in which it ends when all went well. */
  done: string;
}

/** By so much a task outlasts its function, which so fails by its own name and not by the task's time-out. */
const graceSeconds = 5;

/** What Lambda itself may answer and a second call may get over (Step Functions developer guide, best practices). */
const lambdaErrors = ['ServiceException', 'AWSLambdaException', 'SdkClientException', 'TooManyRequestsException'];

const retryTransient = {
  ErrorEquals: [
    ...errorCodes.filter((code) => errorCatalogue[code].transient).map(workflowErrorName),
    ...lambdaErrors.map((error) => `Lambda.${error}`),
  ],
  IntervalSeconds: 1,
  MaxAttempts: 4,
  BackoffRate: 2,
  MaxDelaySeconds: 15,
  JitterStrategy: 'FULL',
} as const;

/** What each task of a tenant's workflow is given. */
const tenantTask = {
  'tenantId.$': '$.tenantId',
  'operationId.$': '$.operationId',
  'requestId.$': '$.requestId',
  'attempt.$': '$$.State.RetryCount',
  'execution.$': '$$.Execution.Id',
} as const satisfies Parameters;

const task = (
  name: FunctionName,
  { Parameters = tenantTask, ResultPath = null }: Partial<Pick<Task, 'Parameters' | 'ResultPath'>> = {},
) =>
  ({
    Type: 'Task',
    Resource: `\${${name}}`,
    Parameters,
    TimeoutSeconds: functionSpecs[name].seconds + graceSeconds,
    ResultPath,
    Retry: [retryTransient],
  }) as const;

const catchAll = (field: string, next: string) =>
  [{ ErrorEquals: ['States.ALL'], ResultPath: `$.${field}`, Next: next }] as const;

/** The steps one after the other, with no result but what they write down themselves. */
const inOneBranch = (steps: AtLeastOne<FunctionName>): Branch => ({
  StartAt: steps[0],
  States: Object.fromEntries(
    steps.map((step, index) => {
      const next = steps[index + 1];
      return [step, { ...task(step), ...(next === undefined ? { End: true } : { Next: next }) }];
    }),
  ),
});

/** Undoes a failed execution, of which `failedExecution` is the path, and ends in `end`, or else in a failure. */
export const rollBack = (failedExecution: `$${string}`, end: Succeed | Fail): States => ({
  'roll-back': {
    ...task('roll-back', { Parameters: { ...tenantTask, 'failedExecution.$': failedExecution } }),
    Catch: catchAll('rollBackFailure', 'fail-roll-back'),
    Next: 'rolled-back',
  },
  'rolled-back': end,
  'fail-roll-back': {
    ...task('fail-roll-back', {
      Parameters: { ...tenantTask, 'failure.$': '$.rollBackFailure', 'failedExecution.$': failedExecution },
    }),
    Next: 'rollback-failed',
  },
  'rollback-failed': {
    Type: 'Fail',
    Error: 'RollbackFailed',
    Cause:
      "A step failed and so did its roll-back. The operation's record names what is left; reconcile-operations tries again.",
  },
});

/** A tenant's workflow whose steps are all undone when one fails: they share a branch, so that one Catch covers them. */
export const undoableWorkflow = (
  steps: AtLeastOne<FunctionName>,
  { comment, seconds, name, done, undone }: About & { name: string; undone: Fail },
): Definition => ({
  Comment: comment,
  StartAt: name,
  TimeoutSeconds: seconds,
  States: {
    [name]: {
      Type: 'Parallel',
      Branches: [inOneBranch(steps)],
      ResultPath: null,
      Catch: catchAll('failure', 'roll-back'),
      Next: done,
    },
    [done]: { Type: 'Succeed' },
    ...rollBack('$$.Execution.Id', undone),
  },
});

/** A step of a workflow that nothing undoes; the states it takes depend on what follows. */
interface ForwardStep {
  name: FunctionName;
  states: (next: string) => States;
}

/** Runs the same task again until it answers `{done: true}`, for work that is longer than a function may run. */
export const chunked = (
  name: FunctionName,
  { parameters, answer }: { parameters: Parameters; answer: string },
): ForwardStep => ({
  name,
  states: (next) => ({
    [name]: { ...task(name, { Parameters: parameters, ResultPath: `$.${answer}` }), Next: `is-all-${answer}` },
    [`is-all-${answer}`]: {
      Type: 'Choice',
      Choices: [{ Variable: `$.${answer}.done`, BooleanEquals: true, Next: next }],
      Default: name,
    },
  }),
});

/** A workflow that goes forward only: a step that fails ends it, and another run takes up where it ended. */
export const forwardWorkflow = (steps: AtLeastOne<ForwardStep>, { comment, seconds, done }: About): Definition => ({
  Comment: comment,
  StartAt: steps[0].name,
  TimeoutSeconds: seconds,
  States: {
    ...Object.fromEntries(steps.flatMap(({ states }, index) => Object.entries(states(steps[index + 1]?.name ?? done)))),
    [done]: { Type: 'Succeed' },
  },
});
