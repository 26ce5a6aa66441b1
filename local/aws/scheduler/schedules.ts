import type { ScheduledEvent } from 'aws-lambda';
import type { FunctionSpec } from '#functions/function-spec.ts';
import { arnOf } from '#local/aws/endpoint/names.ts';
import { eventOf } from '#local/aws/eventbridge/entries.ts';
import type { Timer, VirtualClock } from '#local/clock.ts';
import type { Section, State } from '#local/state.ts';
import { type Next, parseSchedule } from './expression.ts';

/** A function and when it runs. */
interface Schedule {
  functionName: string;
  next: Next;
}

export interface SchedulesOptions {
  state: State;
  clock: VirtualClock;
  schedules: readonly Schedule[];
  /** Calls a function; a rejection is a failed run, which the next one repeats. */
  run: (functionName: string, event: ScheduledEvent) => Promise<unknown>;
  /** Keeps the event of a failed run, with the reason. */
  deadLetter: (body: string, attributes: Record<string, string>) => Promise<void>;
}

/** The schedules of the manifest's functions; throws for an expression that AWS refuses. */
export const schedulesOf = (specs: Readonly<Record<string, Pick<FunctionSpec, 'trigger'>>>): Schedule[] =>
  Object.entries(specs).flatMap(([functionName, { trigger }]) =>
    trigger.kind === 'schedule' ? [{ functionName, next: parseSchedule(trigger.rate) }] : [],
  );

/** Turns of one schedule in one jump of the clock: an hour's, minute by minute. A month would have 43,200. */
const mostTurns = 60;

const ruleArn = (functionName: string) => arnOf('events', `rule/${functionName}`);

/** The same event that a schedule of EventBridge sends. */
const scheduledEvent = (functionName: string, time: number): ScheduledEvent => ({
  ...eventOf(
    { source: 'aws.events', 'detail-type': 'Scheduled Event', resources: [ruleArn(functionName)], detail: {} },
    time,
  ),
  'detail-type': 'Scheduled Event',
  detail: {},
});

/**
 * Runs functions by the virtual clock. A run that is still going is not started again: what falls into its time, or into
 * a time when nothing ran, is made up for by one run.
 */
export class Schedules {
  readonly #options: SchedulesOptions;
  /** Function → the time it last ran for, or was first seen. */
  readonly #since: Section<number>;
  readonly #timers = new Map<string, Timer>();
  readonly #running = new Set<string>();
  /** Function → the latest time that came while it was running. */
  readonly #missed = new Map<string, number>();
  #closed = false;

  constructor(options: SchedulesOptions) {
    this.#options = options;
    this.#since = options.state.section<number>('schedules');
  }

  /** To be called once the functions can do their work. */
  async start(): Promise<void> {
    const { clock, schedules } = this.#options;
    for (const schedule of schedules) {
      const since = this.#since.get(schedule.functionName);
      if (since === undefined) await this.#since.put(schedule.functionName, clock.now());
      this.#arm(schedule, since ?? clock.now());
    }
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#timers.values()) timer.cancel();
  }

  #arm(schedule: Schedule, since: number): void {
    const time = this.#nextTurn(schedule, since);
    if (time === undefined) return;
    const timer = this.#options.clock.at(time, () => {
      const now = this.#options.clock.now();
      // Late by more than a whole turn: the turns missed are not run one by one.
      const following = schedule.next(time);
      const ran = following !== undefined && following <= now ? now : time;
      this.#arm(schedule, ran);
      void this.#since.put(schedule.functionName, ran);
      if (this.#running.has(schedule.functionName)) this.#missed.set(schedule.functionName, time);
      else void this.#run(schedule.functionName, time);
    });
    this.#timers.set(schedule.functionName, timer);
  }

  /** A long jump leaves out most of the turns that stand close together, but not the last one. */
  #nextTurn({ next }: Schedule, since: number): number | undefined {
    const soonest = next(since);
    const { jump } = this.#options.clock;
    if (!jump || soonest === undefined) return soonest;
    const period = soonest - since;
    const apartMs = Math.floor(jump.ms / mostTurns);
    if (period >= apartMs) return soonest;
    return next(Math.max(since, Math.min(since + apartMs, jump.to - period)));
  }

  async #run(functionName: string, time: number): Promise<void> {
    const event = scheduledEvent(functionName, time);
    this.#running.add(functionName);
    try {
      await this.#options.run(functionName, event);
    } catch (error) {
      if (this.#closed) return;
      await this.#options.deadLetter(JSON.stringify(event), {
        RULE_ARN: ruleArn(functionName),
        TARGET_ARN: arnOf('lambda', `function:${functionName}`),
        ERROR_CODE: error instanceof Error ? error.name : 'Error',
        ERROR_MESSAGE: (error instanceof Error ? error.message : String(error)).slice(0, 1024),
      });
    } finally {
      this.#running.delete(functionName);
    }
    const missed = this.#missed.get(functionName);
    this.#missed.delete(functionName);
    if (missed !== undefined && !this.#closed) await this.#run(functionName, missed);
  }
}
