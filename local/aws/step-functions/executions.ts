import { Limiter } from '#local/aws/lambda/limiter.ts';
import type { Invoke } from '#local/aws/lambda/runtime.ts';
import type { VirtualClock } from '#local/clock.ts';
import type { Section, State } from '#local/state.ts';
import type { Definition } from './definition.ts';
import { type Outcome, Run } from './run.ts';
import type { HistoryEvent } from './sequence.ts';

/** An execution as it is stored; times in milliseconds since 1970. */
export interface Execution {
  arn: string;
  workflow: string;
  name: string;
  input: string;
  status: 'RUNNING' | Outcome['status'];
  startDate: number;
  stopDate?: number;
  output?: string;
  error?: string | undefined;
  cause?: string | undefined;
  /** Once it has ended: whether its end is known to have been announced. */
  announced?: boolean;
}

export interface ExecutionsOptions {
  definitions: ReadonlyMap<string, Definition>;
  invoke: Invoke;
  clock: VirtualClock;
  state: State;
  /** Most executions under way at once; the others wait before they begin, and no time-out counts yet. */
  maxRunning: number;
  /** Called at every start and every end; for an end again after a restart, unless this had resolved. */
  announce: (execution: Execution) => Promise<void>;
  /** Called with errors of the local run itself. */
  report: (error: unknown) => void;
}

/** Step Functions forgets an execution 90 days after its end. */
const retentionMs = 90 * 86_400_000;

/** Runs executions, and stores them and, once they have ended, their histories. */
export class Executions {
  readonly #options: ExecutionsOptions;
  readonly #stored: Section<Execution>;
  readonly #histories: Section<readonly HistoryEvent[]>;
  /** In the order of their starts. */
  readonly #byArn = new Map<string, Execution>();
  readonly #live = new Map<string, { run: Run; done: Promise<void> }>();
  readonly #limiter: Limiter;
  #isClosing = false;

  private constructor(options: ExecutionsOptions) {
    this.#options = options;
    this.#stored = options.state.section('executions');
    this.#histories = options.state.section('execution-histories');
    this.#limiter = new Limiter(options.maxRunning);
  }

  static async open(options: ExecutionsOptions): Promise<Executions> {
    const executions = new Executions(options);
    const found = await Array.fromAsync(executions.#stored.entries(), ([, execution]) => execution);
    const oldest = options.clock.now() - retentionMs;
    for (const execution of found.toSorted((a, b) => a.startDate - b.startDate)) {
      const { arn, stopDate = Number.POSITIVE_INFINITY } = execution;
      if (stopDate >= oldest) executions.#byArn.set(arn, execution);
      else await options.state.write([executions.#stored.deleting(arn), executions.#histories.deleting(arn)]);
    }
    return executions;
  }

  get(arn: string): Execution | undefined {
    return this.#byArn.get(arn);
  }

  list(): Execution[] {
    return [...this.#byArn.values()];
  }

  historyOf(arn: string): readonly HistoryEvent[] {
    return this.#live.get(arn)?.run.events ?? this.#histories.get(arn) ?? [];
  }

  /** Resumes what a former process left: running executions start again from the top, since steps are idempotent. */
  resume(): void {
    for (const execution of this.list()) {
      if (execution.status === 'RUNNING') this.#enqueue(execution);
      else if (execution.announced === false) this.#announceEnd(execution).catch(this.#options.report);
    }
  }

  /** Resolves when the execution is stored; a repeat stores it again, so that it does not answer before the first. */
  async start(execution: Execution): Promise<void> {
    const isNew = !this.#byArn.has(execution.arn);
    await this.#put(execution);
    if (!isNew || this.#isClosing) return;
    this.#enqueue(execution);
    await this.#options.announce(execution).catch(this.#options.report);
  }

  /** Ends an execution from outside; resolves when that is stored and announced. One that has ended stays as it is. */
  async stop(arn: string, outcome: Outcome): Promise<void> {
    const live = this.#live.get(arn);
    live?.run.stop(outcome);
    await live?.done;
  }

  /** Stops without ending anything: running executions stay RUNNING until `resume`. */
  close(): void {
    this.#isClosing = true;
    for (const { run } of this.#live.values()) run.stop({ status: 'ABORTED' });
  }

  #enqueue(execution: Execution): void {
    const { definitions, invoke, clock, report } = this.#options;
    const { arn, workflow, input } = execution;
    const run = new Run({ definition: definitions.get(workflow) ?? removed(workflow), arn, input, invoke, clock });
    const broken = (error: unknown): Outcome => {
      report(error);
      return { status: 'FAILED', error: 'States.Runtime', cause: String(error) };
    };
    const ended = run.ended.catch(broken);
    const done = ended.then((outcome) => this.#end(execution, outcome, run.events)).catch(report);
    this.#live.set(arn, { run, done });
    const work = async () => {
      run.begin();
      await done;
    };
    this.#limiter.run(work).catch(report);
  }

  async #end(execution: Execution, outcome: Outcome, events: readonly HistoryEvent[]): Promise<void> {
    if (this.#isClosing) return;
    const { state, clock, report } = this.#options;
    const ended: Execution = { ...execution, ...outcome, stopDate: clock.now(), announced: false };
    this.#byArn.set(ended.arn, ended);
    const written = state.write([this.#stored.putting(ended.arn, ended), this.#histories.putting(ended.arn, events)]);
    this.#live.delete(ended.arn);
    await written;
    await this.#announceEnd(ended).catch(report);
  }

  async #announceEnd(ended: Execution): Promise<void> {
    await this.#options.announce(ended);
    await this.#put({ ...ended, announced: true });
  }

  /** Visible at once; stored when the promise resolves. */
  async #put(execution: Execution): Promise<void> {
    this.#byArn.set(execution.arn, execution);
    await this.#stored.put(execution.arn, execution);
  }
}

/** In place of a workflow that was renamed or removed while one of its executions was under way. */
const removed = (workflow: string): Definition => ({
  StartAt: 'removed',
  States: { removed: { Type: 'Fail', Error: 'States.Runtime', Cause: `There is no workflow ${workflow} any more.` } },
});
