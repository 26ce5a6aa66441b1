import type { Invoke } from '#local/aws/lambda/runtime.ts';
import type { Timer, VirtualClock } from '#local/clock.ts';
import { read, withResult } from './data.ts';
import type { Branch, Definition, Parallel, State } from './definition.ts';
import { type HistoryEvent, Sequence } from './sequence.ts';
import { StateError } from './state-error.ts';
import { runTask } from './task.ts';

/** How an execution ended, in the words of Step Functions; `output` is JSON. */
export type Outcome =
  | { status: 'SUCCEEDED'; output: string }
  | { status: 'FAILED' | 'TIMED_OUT' | 'ABORTED'; error?: string | undefined; cause?: string | undefined };

interface RunOptions {
  definition: Definition;
  /** ARN of the execution. */
  arn: string;
  /** JSON. */
  input: string;
  invoke: Invoke;
  clock: VirtualClock;
}

interface Left {
  output: unknown;
  next?: string | undefined;
}

const endings = { SUCCEEDED: 'Succeeded', FAILED: 'Failed', TIMED_OUT: 'TimedOut', ABORTED: 'Aborted' } as const;

/** One run of a workflow: it begins once, and ends by itself or by `stop`. */
export class Run {
  /** Grows while it runs; complete once `ended` resolves. */
  readonly events: HistoryEvent[] = [];
  /** Rejects only when the local run itself is at fault. */
  readonly ended: Promise<Outcome>;
  readonly #options: RunOptions;
  readonly #main: Sequence;
  readonly #stopping = new AbortController();
  readonly #ending = Promise.withResolvers<Outcome>();
  #timer: Timer | undefined;

  constructor(options: RunOptions) {
    const now = () => options.clock.now();
    this.#options = options;
    this.#main = new Sequence({ events: this.events, now, signal: this.#stopping.signal });
    this.#main.write('ExecutionStarted', { input: options.input });
    this.ended = this.#ending.promise;
  }

  /** Goes from state to state. The time-out of the whole counts from now, on the virtual clock. */
  begin(): void {
    if (this.#stopping.signal.aborted) return;
    const { definition, input, clock } = this.#options;
    const seconds = definition.TimeoutSeconds;
    const outOfTime = () => this.stop({ status: 'TIMED_OUT', error: 'States.Timeout' });
    if (seconds !== undefined) this.#timer = clock.after(seconds * 1000, outOfTime);
    this.#follow(definition, JSON.parse(input), this.#main).then(
      (output) => this.stop({ status: 'SUCCEEDED', output: JSON.stringify(output) }),
      (error: unknown) => {
        if (error instanceof StateError) this.stop({ status: 'FAILED', ...error.details });
        else if (!this.#stopping.signal.aborted) this.#ending.reject(error);
      },
    );
  }

  /**
   * Ends it with this outcome unless it has ended: no further call is made. A running function goes on, as on AWS, and
   * its result changes nothing.
   */
  stop(outcome: Outcome): void {
    if (this.#stopping.signal.aborted) return;
    const { status, ...details } = outcome;
    this.#main.write(`Execution${endings[status]}`, details);
    this.#timer?.cancel();
    this.#stopping.abort();
    this.#ending.resolve(outcome);
  }

  async #follow({ StartAt, States }: Branch, input: unknown, sequence: Sequence): Promise<unknown> {
    let at: Left = { output: input, next: StartAt };
    while (at.next !== undefined) {
      const name: string = at.next;
      const state = States[name];
      if (!state) throw new Error(`There is no state ${name}.`);
      sequence.write(`${state.Type}StateEntered`, { name, input: JSON.stringify(at.output) });
      at = await this.#leave(state, at.output, sequence);
      sequence.write(`${state.Type}StateExited`, { name, output: JSON.stringify(at.output) });
    }
    return at.output;
  }

  async #leave(state: State, input: unknown, sequence: Sequence): Promise<Left> {
    switch (state.Type) {
      case 'Succeed':
        return { output: input };
      case 'Fail':
        throw new StateError(state.Error, state.Cause);
      case 'Choice': {
        const chosen = state.Choices.find(({ Variable, BooleanEquals }) => read(Variable, input) === BooleanEquals);
        return { output: input, next: chosen?.Next ?? state.Default };
      }
      case 'Task':
      case 'Parallel':
        try {
          const { arn: execution, invoke } = this.#options;
          const result = await (state.Type === 'Task'
            ? runTask(state, { input, execution, sequence, invoke })
            : this.#runBranches(state, input, sequence));
          return { output: withResult(input, state.ResultPath, result), next: state.Next };
        } catch (error) {
          if (!(error instanceof StateError)) throw error;
          const caught = state.Catch.find(({ ErrorEquals }) => error.matches(ErrorEquals));
          if (!caught) throw error;
          const failure = { Error: error.name, Cause: error.message };
          return { output: withResult(input, caught.ResultPath, failure), next: caught.Next };
        }
      default:
        return state satisfies never;
    }
  }

  /** All branches at once; the first that fails ends the others. */
  async #runBranches({ Branches }: Parallel, input: unknown, sequence: Sequence): Promise<unknown> {
    sequence.write('ParallelStateStarted');
    const failing = new AbortController();
    const signal = AbortSignal.any([sequence.signal, failing.signal]);
    const parts = Branches.map((branch) => ({ branch, own: sequence.fork(signal) }));
    const join = (type: string) => {
      sequence.join(parts.map(({ own }) => own));
      sequence.write(type);
    };
    try {
      const results = await Promise.all(parts.map(({ branch, own }) => this.#follow(branch, input, own)));
      join('ParallelStateSucceeded');
      return results;
    } catch (error) {
      failing.abort();
      join('ParallelStateFailed');
      throw error;
    }
  }
}
