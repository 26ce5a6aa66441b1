import { Limiter } from '#local/aws/lambda/limiter.ts';
import type { VirtualClock } from '#local/clock.ts';
import type { Execution, Executions } from './executions.ts';
import { History, type HistoryEvent } from './history.ts';
import type { Machine, Run } from './machine.ts';
import type { Outcome } from './outcome.ts';

export interface ExecutorOptions {
  machines: ReadonlyMap<string, Machine>;
  executions: Executions;
  clock: VirtualClock;
  /** Most executions under way; the others wait before they begin, where no time-out counts. */
  maxRunning: number;
  /** Told of every start and every end; an end is told again after a restart unless this had resolved. */
  announce: (execution: Execution) => Promise<void>;
  /** Told of what went wrong in the local run itself. */
  report: (error: unknown) => void;
}

interface Live {
  run?: Run;
  done: PromiseWithResolvers<void>;
}

/** Runs executions, as many at once as is allowed, and keeps and announces how they ended. */
export class Executor {
  readonly #options: ExecutorOptions;
  readonly #limiter: Limiter;
  readonly #live = new Map<string, Live>();
  #closing = false;

  constructor(options: ExecutorOptions) {
    this.#options = options;
    this.#limiter = new Limiter(options.maxRunning);
  }

  /** Takes up what a former process left: what was running runs again from its start, since its steps are repeatable. */
  resume(): void {
    for (const execution of this.#options.executions.list()) {
      if (execution.status === 'RUNNING') this.#enqueue(execution);
      else if (execution.announced === false) this.#announceEnd(execution).catch(this.#options.report);
    }
  }

  /** Keeps a new execution and queues it; resolves when it is kept. */
  async start(execution: Execution): Promise<void> {
    await this.#options.executions.put(execution);
    if (this.#closing) return;
    this.#enqueue(execution);
    await this.#options.announce(execution).catch(this.#options.report);
  }

  /** Ends an execution from outside; resolves when that is kept and told. One that has ended stays as it is. */
  async stop(execution: Execution, outcome: Outcome): Promise<void> {
    const live = this.#live.get(execution.arn);
    if (!live) return;
    if (live.run) live.run.stop(outcome);
    else await this.#end(execution, outcome, this.#historyOfUnstarted(execution, outcome));
    await live.done.promise;
  }

  historyOf(arn: string): readonly HistoryEvent[] {
    return this.#live.get(arn)?.run?.events ?? this.#options.executions.historyOf(arn);
  }

  /** Stops without ending anything: what is running stays RUNNING and is taken up by `resume`. */
  close(): void {
    this.#closing = true;
    for (const { run } of this.#live.values()) run?.stop({ status: 'ABORTED' });
  }

  #enqueue(execution: Execution): void {
    const live: Live = { done: Promise.withResolvers() };
    this.#live.set(execution.arn, live);
    this.#limiter.run(() => this.#run(execution, live)).catch(this.#options.report);
  }

  async #run(execution: Execution, live: Live): Promise<void> {
    if (this.#closing || !this.#live.has(execution.arn)) return;
    const machine = this.#options.machines.get(execution.workflow);
    const run = machine?.start(execution);
    if (run) live.run = run;
    const outcome = await (run?.ended.catch((error: unknown) => this.#brokenOutcome(error)) ??
      withoutWorkflow(execution));
    if (this.#closing) return;
    await this.#end(execution, outcome, run?.events ?? []);
  }

  async #end(execution: Execution, outcome: Outcome, events: readonly HistoryEvent[]): Promise<void> {
    const { executions, clock } = this.#options;
    const live = this.#live.get(execution.arn);
    const ended: Execution = { ...execution, ...outcome, stopDate: clock.now(), announced: false };
    this.#live.delete(execution.arn);
    const kept = executions.putEnded(ended, events);
    live?.done.resolve(kept.then(() => this.#announceEnd(ended).catch(this.#options.report)));
    await live?.done.promise;
  }

  async #announceEnd(ended: Execution): Promise<void> {
    await this.#options.announce(ended);
    await this.#options.executions.put({ ...ended, announced: true });
  }

  #brokenOutcome(error: unknown): Outcome {
    this.#options.report(error);
    return { status: 'FAILED', error: 'States.Runtime', cause: String(error) };
  }

  #historyOfUnstarted(execution: Execution, outcome: Outcome): readonly HistoryEvent[] {
    const history = new History({ states: new Map(), functionArn: String, now: () => this.#options.clock.now() });
    history.started(execution.input);
    history.ended(outcome);
    return history.events;
  }
}

/** A workflow that was renamed or removed while one of its executions was under way. */
const withoutWorkflow = ({ workflow }: Execution): Outcome => ({
  status: 'FAILED',
  error: 'States.Runtime',
  cause: `There is no workflow ${workflow} any more.`,
});
