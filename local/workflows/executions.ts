import type { VirtualClock } from '#local/clock.ts';
import type { Section, State } from '#local/state.ts';
import type { HistoryEvent } from './history.ts';
import type { Outcome } from './outcome.ts';

/** An execution as it is kept; times in milliseconds since 1970. */
export interface Execution {
  arn: string;
  workflow: string;
  name: string;
  input: string;
  status: 'RUNNING' | Outcome['status'];
  startDate: number;
  stopDate?: number;
  output?: string;
  error?: string;
  cause?: string;
  /** Of one that has ended: whether its end is known to have been told. */
  announced?: boolean;
}

/** Step Functions forgets an execution 90 days after its end. */
const keptMs = 90 * 86_400_000;

/** The executions and, once they have ended, their histories: on disk, with the former in memory as well. */
export class Executions {
  readonly #state: State;
  readonly #section: Section<Execution>;
  readonly #histories: Section<readonly HistoryEvent[]>;
  readonly #byArn = new Map<string, Execution>();

  private constructor(state: State) {
    this.#state = state;
    this.#section = state.section<Execution>('executions');
    this.#histories = state.section<readonly HistoryEvent[]>('execution-histories');
  }

  static async open(state: State, clock: VirtualClock): Promise<Executions> {
    const executions = new Executions(state);
    const found: Execution[] = [];
    for await (const [, execution] of executions.#section.entries()) found.push(execution);
    for (const execution of found.toSorted((a, b) => a.startDate - b.startDate)) {
      if ((execution.stopDate ?? clock.now()) < clock.now() - keptMs) await executions.#forget(execution);
      else executions.#byArn.set(execution.arn, execution);
    }
    return executions;
  }

  get(arn: string): Execution | undefined {
    return this.#byArn.get(arn);
  }

  /** In the order of their starts. */
  list(): Execution[] {
    return [...this.#byArn.values()];
  }

  /** Seen by every reader at once; kept when the promise resolves. */
  async put(execution: Execution): Promise<void> {
    this.#byArn.set(execution.arn, execution);
    await this.#section.put(execution.arn, execution);
  }

  /** Keeps how it ended and what happened on the way, both or neither. */
  async putEnded(execution: Execution, events: readonly HistoryEvent[]): Promise<void> {
    this.#byArn.set(execution.arn, execution);
    await this.#state.write([
      this.#section.putting(execution.arn, execution),
      this.#histories.putting(execution.arn, events),
    ]);
  }

  historyOf(arn: string): readonly HistoryEvent[] {
    return this.#histories.get(arn) ?? [];
  }

  async #forget({ arn }: Execution): Promise<void> {
    await this.#state.write([this.#section.deleting(arn), this.#histories.deleting(arn)]);
  }
}
