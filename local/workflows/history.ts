import type { StateMachine } from 'aws-local-stepfunctions';
import type { Outcome } from './outcome.ts';
import { mainSequence, type Plan, type PlannedState } from './plan.ts';
import type { TaskCall } from './task-calls.ts';

type LogOf<Run> = Run extends { eventLogs: AsyncGenerator<infer Log> } ? Log : never;
/** An entry of the library's own log. */
export type LibraryLog = LogOf<ReturnType<StateMachine['run']>>;

/** An event of `GetExecutionHistory`, as the wire has it: `timestamp` in seconds since 1970. */
export interface HistoryEvent {
  id: number;
  previousEventId: number;
  timestamp: number;
  type: string;
  [details: `${string}EventDetails`]: Record<string, unknown>;
}

interface HistoryOptions {
  states: Plan['states'];
  functionArn: (functionName: string) => string;
  /** Milliseconds since 1970. */
  now: () => number;
}

const whole = { truncated: false };
const endings = { SUCCEEDED: 'Succeeded', FAILED: 'Failed', TIMED_OUT: 'TimedOut', ABORTED: 'Aborted' } as const;

/**
 * What happened in one run, written in the events that Step Functions itself writes for tasks that are plain Lambda
 * ARNs. Built from the library's log, which has the states in order, and the calls, which have what was sent and came.
 */
export class History {
  readonly #options: HistoryOptions;
  readonly #events: HistoryEvent[] = [];
  /** The last event of each sequence: what the next one there follows. */
  readonly #last = new Map<string, number>();
  /** Calls of each Task that the log has not come to yet. The log runs behind the calls by some microtasks. */
  readonly #calls = new Map<string, TaskCall[]>();
  readonly #current = new Map<string, TaskCall>();
  #ended = false;

  constructor(options: HistoryOptions) {
    this.#options = options;
  }

  get events(): readonly HistoryEvent[] {
    return this.#events;
  }

  started(input: string): void {
    this.#write(mainSequence, 'ExecutionStarted', { executionStarted: { input, inputDetails: whole } });
  }

  /** Takes note of a call of a Task; it is told once the log says that the state was entered or tried again. */
  called(state: string, call: TaskCall): void {
    this.#calls.set(state, [...(this.#calls.get(state) ?? []), call]);
  }

  record(log: LibraryLog): void {
    if (!('state' in log)) return;
    const state = this.#options.states.get(log.state.name);
    if (!state) throw new Error(`The log names a state that the workflow has not: ${log.state.name}`);
    if (log.type === 'StateEntered') this.#entered(state, JSON.stringify(log.state.input));
    else if (log.type === 'StateRetried') this.#scheduled(state);
    else if (log.type === 'StateFailed') this.#failed(state);
    else if (log.type === 'StateExited') this.#exited(state, JSON.stringify(log.state.output));
  }

  /** Writes how it ended; nothing is written after that. */
  ended(outcome: Outcome): void {
    const { status, ...rest } = outcome;
    const details = status === 'SUCCEEDED' ? { ...rest, outputDetails: whole } : rest;
    const ending = endings[status];
    this.#write(mainSequence, `Execution${ending}`, { [`execution${ending}`]: details });
    this.#ended = true;
  }

  #entered(state: PlannedState, input: string): void {
    const { name, type, sequence } = state;
    this.#write(sequence, `${type}StateEntered`, { stateEntered: { name, input, inputDetails: whole } });
    if (type === 'Task') this.#scheduled(state);
    if (type !== 'Parallel') return;
    const begun = this.#write(sequence, 'ParallelStateStarted');
    for (const branch of state.branches) this.#last.set(branch, begun);
  }

  #scheduled({ name, sequence, functionName = '', timeoutSeconds }: PlannedState): void {
    const call = this.#calls.get(name)?.shift();
    // A Task whose parameters could not be made calls nothing.
    if (!call) return;
    this.#current.set(name, call);
    const resource = this.#options.functionArn(functionName);
    const limit = timeoutSeconds === undefined ? {} : { timeoutInSeconds: timeoutSeconds };
    this.#write(sequence, 'LambdaFunctionScheduled', {
      lambdaFunctionScheduled: { resource, input: call.input, inputDetails: whole, ...limit },
    });
    this.#write(sequence, 'LambdaFunctionStarted');
  }

  #answered({ name, sequence }: PlannedState): void {
    const call = this.#current.get(name);
    this.#current.delete(name);
    if (!call) return;
    const { result } = call;
    if (!result) {
      this.#write(sequence, 'LambdaFunctionTimedOut', { lambdaFunctionTimedOut: { error: 'States.Timeout' } });
    } else if ('output' in result) {
      this.#write(sequence, 'LambdaFunctionSucceeded', {
        lambdaFunctionSucceeded: { output: result.output, outputDetails: whole },
      });
    } else this.#write(sequence, 'LambdaFunctionFailed', { lambdaFunctionFailed: { ...result } });
  }

  #failed(state: PlannedState): void {
    this.#answered(state);
    if (state.type !== 'Parallel') return;
    this.#joinBranches(state);
    this.#write(state.sequence, 'ParallelStateFailed');
  }

  #exited(state: PlannedState, output: string): void {
    const { name, type, sequence } = state;
    this.#answered(state);
    if (type === 'Parallel' && this.#branchesOpen(state)) {
      this.#joinBranches(state);
      this.#write(sequence, 'ParallelStateSucceeded');
    }
    this.#write(sequence, `${type}StateExited`, { stateExited: { name, output, outputDetails: whole } });
  }

  #branchesOpen({ branches }: PlannedState): boolean {
    return branches.some((branch) => this.#last.has(branch));
  }

  /** The sequence goes on after what its branches did last. */
  #joinBranches({ branches, sequence }: PlannedState): void {
    const ends = branches.map((branch) => this.#last.get(branch) ?? 0);
    this.#last.set(sequence, Math.max(this.#last.get(sequence) ?? 0, ...ends));
    for (const branch of branches) this.#last.delete(branch);
  }

  #write(sequence: string, type: string, details: Record<string, Record<string, unknown>> = {}): number {
    const id = this.#events.length + 1;
    if (this.#ended) return id;
    this.#events.push({
      id,
      previousEventId: this.#last.get(sequence) ?? 0,
      timestamp: this.#options.now() / 1000,
      type,
      ...Object.fromEntries(Object.entries(details).map(([name, fields]) => [`${name}EventDetails`, fields])),
    });
    this.#last.set(sequence, id);
    return id;
  }
}
