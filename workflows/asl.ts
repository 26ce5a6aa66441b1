import { errorCatalogue, errorCodes, workflowErrorName } from '#core/contract/api/errors.ts';
import { type FunctionName, functionSpecs } from '#functions/manifest.ts';
import type { Branch, Definition, Fail, Parameters, States, Succeed, Task } from './definition.ts';

type AtLeastOne<T> = readonly [T, ...T[]];

interface About {
  comment: string;
  /** Time-out of the whole. */
  seconds: number;
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

/** The input of each task: ids, and how often the task was tried before. */
const taskInput = {
  'operationId.$': '$.operationId',
  'subject.$': '$.subject',
  'requestId.$': '$.requestId',
  'attempt.$': '$$.State.RetryCount',
} as const satisfies Parameters;
/** A tenant's id stands by itself as well, for people who search for it. */
const tenantTask = { 'tenantId.$': '$.tenantId', ...taskInput } as const satisfies Parameters;

const task = (
  name: FunctionName,
  { Parameters = taskInput, ResultPath = null }: Partial<Pick<Task, 'Parameters' | 'ResultPath'>> = {},
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
      return [
        step,
        { ...task(step, { Parameters: tenantTask }), ...(next === undefined ? { End: true } : { Next: next }) },
      ];
    }),
  ),
});

/**
 * Undoes what a failed execution made, then ends in the state that is named like the operation's status.
 * `failedExecution` is the path of that execution's ARN.
 */
export const rollBack = (failedExecution: `$${string}`, [undone, end]: readonly [string, Succeed | Fail]): States => ({
  'roll-back': {
    ...task('roll-back', { Parameters: { ...tenantTask, 'failedExecution.$': failedExecution } }),
    Catch: catchAll('rollBackFailure', 'fail-roll-back'),
    Next: undone,
  },
  [undone]: end,
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
  { comment, seconds, name, undone }: About & { name: string; undone: readonly [string, Fail] },
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
      Next: 'succeeded',
    },
    succeeded: { Type: 'Succeed' },
    ...rollBack('$$.Execution.Id', undone),
  },
});

interface Forward extends About {
  /** The workflow works on one tenant. */
  ofTenant: boolean;
  /** Its steps are run until they answer `{done: true}`, for work that takes longer than a function may run. */
  inChunks: boolean;
}

/** A workflow that only goes forward: a failed step ends it, and a later execution resumes the work. */
export const forwardWorkflow = (
  steps: AtLeastOne<FunctionName>,
  { comment, seconds, ofTenant, inChunks }: Forward,
): Definition => {
  const Parameters = ofTenant ? tenantTask : taskInput;
  const statesOf = (step: FunctionName, next: string): States => {
    if (!inChunks) return { [step]: { ...task(step, { Parameters }), Next: next } };
    const isDone = `is-${step}-done`;
    return {
      [step]: { ...task(step, { Parameters, ResultPath: '$.chunk' }), Next: isDone },
      [isDone]: {
        Type: 'Choice',
        Choices: [{ Variable: '$.chunk.done', BooleanEquals: true, Next: next }],
        Default: step,
      },
    };
  };
  return {
    Comment: comment,
    StartAt: steps[0],
    TimeoutSeconds: seconds,
    States: {
      ...Object.fromEntries(
        steps.flatMap((step, index) => Object.entries(statesOf(step, steps[index + 1] ?? 'succeeded'))),
      ),
      succeeded: { Type: 'Succeed' },
    },
  };
};
