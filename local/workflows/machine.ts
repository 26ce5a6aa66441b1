import { StateMachine } from 'aws-local-stepfunctions';
import type { Invoke } from '#local/aws/lambda/runtime.ts';
import type { VirtualClock } from '#local/clock.ts';
import type { Arns } from './arns.ts';
import type { Definition } from './definition.ts';
import { History, type HistoryEvent } from './history.ts';
import { failureOf, type Outcome } from './outcome.ts';
import { type Plan, planOf } from './plan.ts';
import { TaskCalls } from './task-calls.ts';

export interface MachineOptions {
  workflow: string;
  definition: Definition;
  invoke: Invoke;
  clock: VirtualClock;
  arns: Arns;
}

/** What a run is told of its execution; `input` is JSON, `startDate` in milliseconds since 1970. */
export interface ToRun {
  arn: string;
  name: string;
  input: string;
  startDate: number;
}

export interface Run {
  /** Grows while it runs; complete once `ended` resolves. */
  readonly events: readonly HistoryEvent[];
  readonly ended: Promise<Outcome>;
  /** Ends it with this outcome unless it has ended: no further call is made. */
  stop(outcome: Outcome): void;
}

/** A workflow that can be run: `aws-local-stepfunctions` with what it lacks to behave as Step Functions does. */
export class Machine {
  readonly #options: MachineOptions;
  readonly #plan: Plan;
  readonly #library: StateMachine;

  constructor(options: MachineOptions) {
    this.#options = options;
    this.#plan = planOf(options.definition);
    // Validated when it was read, before it was rewritten.
    this.#library = new StateMachine(this.#plan.definition, { validationOptions: { noValidate: true } });
  }

  /** Runs from the start. The time-out of the whole counts on the virtual clock. */
  start(execution: ToRun): Run {
    const { clock, invoke, arns } = this.#options;
    const { states, timeoutSeconds } = this.#plan;
    const history = new History({ states, functionArn: arns.function, now: () => clock.now() });
    const calls = new TaskCalls({ states, invoke, clock, called: (state, call) => history.called(state, call) });
    const ending = Promise.withResolvers<Outcome>();

    history.started(execution.input);
    const run = this.#library.run(JSON.parse(execution.input), {
      overrides: { taskResourceLocalHandlers: calls.handlers() },
      context: this.#context(execution, calls),
    });
    let over: 'no' | 'stopping' | 'yes' = 'no';
    const end = (outcome: Outcome) => {
      over = 'yes';
      timer?.cancel();
      history.ended(outcome);
      ending.resolve(outcome);
    };
    const stop = (outcome: Outcome) => {
      if (over !== 'no') return;
      over = 'stopping';
      calls.hold();
      // The library's log runs some microtasks behind: what was under way is to be in the history.
      setImmediate(() => {
        end(outcome);
        calls.refuse();
        run.abort();
      });
    };
    const timer =
      timeoutSeconds === undefined
        ? undefined
        : clock.after(timeoutSeconds * 1000, () => stop({ status: 'TIMED_OUT', error: 'States.Timeout' }));
    const endByItself = (outcome: Outcome) => (over === 'no' ? end(outcome) : undefined);
    followed(run, history, calls).then(endByItself, ending.reject);
    return { events: history.events, ended: ending.promise, stop };
  }

  #context(execution: ToRun, calls: TaskCalls): Record<string, unknown> {
    const { workflow, arns } = this.#options;
    const root = {
      Id: execution.arn,
      Input: JSON.parse(execution.input),
      Name: execution.name,
      RoleArn: arns.role(workflow),
      StartTime: new Date(execution.startDate).toISOString(),
      RedriveCount: 0,
    };
    return { Root: root, StateMachine: { Id: arns.stateMachine(workflow), Name: workflow }, States: calls.contexts() };
  }
}

/** Reads the library's log to its end, whatever the result: it comes in a little later than what it tells. */
async function followed(run: ReturnType<StateMachine['run']>, history: History, calls: TaskCalls): Promise<Outcome> {
  const read = async () => {
    for await (const log of run.eventLogs) {
      history.record(log);
      if (log.type === 'StateCaught') calls.caught(log.state.name);
    }
  };
  const [result, log] = await Promise.allSettled([run.result, read()]);
  if (log.status === 'rejected') throw log.reason;
  if (result.status === 'rejected') return failureOf(result.reason);
  return { status: 'SUCCEEDED', output: JSON.stringify(result.value) ?? 'null' };
}
