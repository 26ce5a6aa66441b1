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

/** A task outlasts its function by this, so that the function fails by its own name and not by the task's time-out. */
const graceSeconds = 5;

/** Lambda's own errors that a retry may get past (Step Functions developer guide, best practices). */
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

/** The input of each task of a tenant's workflow. */
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

/** The steps in sequence. Their results are what they store, so the branch has none. */
const inOneBranch = (steps: AtLeastOne<FunctionName>): Branch => ({
  StartAt: steps[0],
  States: Object.fromEntries(
    steps.map((step, index) => {
      const next = steps[index + 1];
      return [step, { ...task(step), ...(next === undefined ? { End: true } : { Next: next }) }];
    }),
  ),
});

/** Undoes what a failed execution made, then ends in `end`. `failedExecution` is the path of that execution's ARN. */
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

/** A tenant's workflow that undoes all its steps when one fails: they share a branch, so that one Catch covers them. */
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

/** A step that is more than one state, all of which lead to `next` in the end. */
interface ChunkedStep {
  name: FunctionName;
  states: (next: string) => States;
}

/** Runs the same task until it answers `{done: true}`, for work that takes longer than a function may run. */
export const chunked = (
  name: FunctionName,
  { parameters, answer }: { parameters: Parameters; answer: string },
): ChunkedStep => ({
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

type ForwardStep = FunctionName | ChunkedStep;

const nameOf = (step: ForwardStep) => (typeof step === 'string' ? step : step.name);

const statesOf = (step: ForwardStep, next: string): States =>
  typeof step === 'string' ? { [step]: { ...task(step), Next: next } } : step.states(next);

/** A workflow that only goes forward: a failed step ends it, and a later execution resumes the work. */
export const forwardWorkflow = (steps: AtLeastOne<ForwardStep>, { comment, seconds, done }: About): Definition => {
  const nextOf = (index: number) => {
    const next = steps[index + 1];
    return next === undefined ? done : nameOf(next);
  };
  return {
    Comment: comment,
    StartAt: nameOf(steps[0]),
    TimeoutSeconds: seconds,
    States: {
      ...Object.fromEntries(steps.flatMap((step, index) => Object.entries(statesOf(step, nextOf(index))))),
      [done]: { Type: 'Succeed' },
    },
  };
};
