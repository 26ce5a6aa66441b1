import type { RunOptions } from 'aws-local-stepfunctions';
import { toFunctionError } from '#local/aws/lambda/function-error.ts';
import type { Invoke } from '#local/aws/lambda/runtime.ts';
import type { VirtualClock } from '#local/clock.ts';
import { TerminalError } from './outcome.ts';
import type { Plan, PlannedState } from './plan.ts';
import { waited } from './wait.ts';

/** One call of a Task's function: JSON in, JSON or a failure out; no result when the state ran out of time. */
export interface TaskCall {
  input: string;
  result?: { output: string } | { error: string; cause: string };
}

type Handlers = NonNullable<NonNullable<RunOptions['overrides']>['taskResourceLocalHandlers']>;
type Handler = NonNullable<Handlers[string]>;

interface TaskCallsOptions {
  states: Plan['states'];
  invoke: Invoke;
  clock: VirtualClock;
  called: (state: string, call: TaskCall) => void;
}

/** Step Functions' limit of any payload: 256 KiB. */
export const maxPayloadBytes = 262_144;

const tooLarge = (what: string) =>
  new TerminalError(
    'States.DataLimitExceeded',
    `${what} has a size exceeding the maximum number of bytes service limit (${maxPayloadBytes}).`,
  );

const isTooLarge = (text: string) => Buffer.byteLength(text) > maxPayloadBytes;

/** The calls of one run: what the library hands to a Task or a Wait passes through here, and nothing after `hold`. */
export class TaskCalls {
  readonly #options: TaskCallsOptions;
  readonly #stopped = Promise.withResolvers<never>();
  #isHeld = false;
  /** Calls made since each state was entered: their number is that of the retry to come. */
  readonly #tries = new Map<string, TaskCall[]>();

  constructor(options: TaskCallsOptions) {
    this.#options = options;
    // Nobody may be waiting when it is rejected.
    this.#stopped.promise.catch(() => undefined);
  }

  /** A handler for each Task and each Wait, by the name of its state. */
  handlers(): Handlers {
    const { clock } = this.#options;
    const handlers: Handlers = {};
    for (const state of this.#options.states.values()) {
      const { functionName } = state;
      if (functionName !== undefined) handlers[state.name] = (input) => this.#call(state.name, functionName, input);
      else if (state.type === 'Wait') handlers[state.name] = (input) => waited(input, clock, this.#stopped.promise);
    }
    return handlers;
  }

  /** `$$.State` of every state, by its context key. */
  contexts(): Record<string, object> {
    return Object.fromEntries(
      [...this.#options.states.values()].map((state) => [state.contextKey, this.#context(state)]),
    );
  }

  /** A state that caught its failure begins anew when it is entered again. */
  caught(state: string): void {
    this.#tries.delete(state);
  }

  /** From now on no call begins and no result is handed on: after an abort the library would make all tries left. */
  hold(): void {
    this.#isHeld = true;
  }

  /** Fails all that `hold` keeps waiting. A running function goes on, as on AWS, and nobody hears of its result. */
  refuse(): void {
    this.#stopped.reject(new TerminalError('States.Stopped', 'The execution was stopped.'));
  }

  #context({ name }: PlannedState): object {
    const tries = () => this.#tries.get(name)?.length ?? 0;
    const now = () => new Date(this.#options.clock.now()).toISOString();
    let entered = now();
    return {
      Name: name,
      get RetryCount() {
        return tries();
      },
      get EnteredTime() {
        if (tries() === 0) entered = now();
        return entered;
      },
    };
  }

  async #call(state: string, functionName: string, input: unknown): Promise<Awaited<ReturnType<Handler>>> {
    if (this.#isHeld) return this.#stopped.promise;
    const text = JSON.stringify(input);
    if (isTooLarge(text)) throw tooLarge(`The input of the state “${state}”`);
    const call: TaskCall = { input: text };
    this.#tries.set(state, [...(this.#tries.get(state) ?? []), call]);
    this.#options.called(state, call);
    try {
      const result = await this.#unlessHeld(this.#options.invoke(functionName, JSON.parse(text)));
      const output = JSON.stringify(result) ?? 'null';
      if (isTooLarge(output)) throw tooLarge(`The result of the state “${state}”`);
      call.result = { output };
      // One that comes after its state ran out of time changes nothing.
      if (this.#tries.get(state)?.at(-1) === call) this.#tries.delete(state);
      return JSON.parse(output);
    } catch (thrown) {
      const error = thrown instanceof TerminalError ? thrown : asStepFunctions(thrown);
      call.result = { error: error.name, cause: error.message };
      throw error;
    }
  }

  async #unlessHeld(call: Promise<unknown>): Promise<unknown> {
    const settled = await Promise.race([Promise.allSettled([call]), this.#stopped.promise]);
    if (this.#isHeld) return this.#stopped.promise;
    const [result] = settled;
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  }
}

/** A function's failure as Step Functions takes it: named by its type, with Lambda's answer as the cause. */
function asStepFunctions(thrown: unknown): Error {
  const failure = toFunctionError(thrown);
  const error = new Error(JSON.stringify(failure));
  error.name = failure.errorType;
  return error;
}
