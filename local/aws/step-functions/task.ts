import { setTimeout as sleep } from 'node:timers/promises';
import { arnOf } from '#local/aws/endpoint/names.ts';
import { toFunctionError } from '#local/aws/lambda/function-error.ts';
import type { Invoke } from '#local/aws/lambda/runtime.ts';
import { read, sized } from './data.ts';
import type { Retrier, Task } from './definition.ts';
import type { Sequence } from './sequence.ts';
import { StateError } from './state-error.ts';

interface TaskOptions {
  input: unknown;
  /** ARN of the execution. */
  execution: string;
  sequence: Sequence;
  invoke: Invoke;
}

/** Calls the function until it succeeds or no Retry applies. Time-outs and delays run on real time. */
export async function runTask(task: Task, options: TaskOptions): Promise<unknown> {
  const retried = new Map<Retrier, number>();
  for (let retryCount = 0; ; retryCount += 1) {
    try {
      return await call(task, parametersOf(task, retryCount, options), options);
    } catch (error) {
      if (!(error instanceof StateError)) throw error;
      const retrier = task.Retry.find(({ ErrorEquals }) => error.matches(ErrorEquals));
      const before = (retrier && retried.get(retrier)) ?? 0;
      if (!retrier || before === retrier.MaxAttempts) throw error;
      retried.set(retrier, before + 1);
      await sleep(delayMs(retrier, before), undefined, { signal: options.sequence.signal });
    }
  }
}

function parametersOf({ Parameters }: Task, retryCount: number, { input, execution }: TaskOptions): unknown {
  if (!Parameters) return input;
  const context = new Map<string, unknown>([
    ['$$.Execution.Id', execution],
    ['$$.State.RetryCount', retryCount],
  ]);
  return Object.fromEntries(
    Object.entries(Parameters).map(([field, path]) => [field.slice(0, -2), context.get(path) ?? read(path, input)]),
  );
}

async function call(task: Task, parameters: unknown, { sequence, invoke }: TaskOptions): Promise<unknown> {
  const { Resource, TimeoutSeconds } = task;
  const input = sized(JSON.stringify(parameters), `The input of ${Resource}`);
  sequence.write('LambdaFunctionScheduled', {
    resource: arnOf('lambda', `function:${Resource}`),
    input,
    ...(TimeoutSeconds !== undefined && { timeoutInSeconds: TimeoutSeconds }),
  });
  sequence.write('LambdaFunctionStarted');
  try {
    const result = await within(invoke(Resource, JSON.parse(input)), sequence.signal, TimeoutSeconds);
    const output = sized(JSON.stringify(result) ?? 'null', `The result of ${Resource}`);
    sequence.write('LambdaFunctionSucceeded', { output });
    return JSON.parse(output);
  } catch (thrown) {
    const error = asStateError(thrown);
    sequence.write(`LambdaFunction${error.name === 'States.Timeout' ? 'TimedOut' : 'Failed'}`, error.details);
    throw error;
  }
}

const delayMs = ({ IntervalSeconds, BackoffRate, MaxDelaySeconds, JitterStrategy }: Retrier, before: number) => {
  const seconds = Math.min(IntervalSeconds * BackoffRate ** before, MaxDelaySeconds ?? Number.POSITIVE_INFINITY);
  return seconds * 1000 * (JitterStrategy === 'FULL' ? Math.random() : 1);
};

/** A function's failure in the form of Step Functions: named by its type, with Lambda's answer as the cause. */
function asStateError(thrown: unknown): StateError {
  if (thrown instanceof StateError) return thrown;
  const failure = toFunctionError(thrown);
  return new StateError(failure.errorType, JSON.stringify(failure));
}

/** Settles as the work does; rejects when the signal aborts, and with `States.Timeout` after so many seconds. */
async function within<T>(work: Promise<T>, signal: AbortSignal, seconds: number | undefined): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const abort = () => reject(signal.reason);
  const outOfTime = () => reject(new StateError('States.Timeout'));
  const timer = seconds === undefined ? undefined : setTimeout(outOfTime, seconds * 1000);
  signal.addEventListener('abort', abort);
  work.then(resolve, reject);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}
