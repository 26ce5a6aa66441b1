import type { ScheduledEvent } from 'aws-lambda';
import type { FunctionSpec } from '#functions/function-spec.ts';
import { arnOf } from '#local/aws/endpoint/names.ts';
import { eventOf } from '#local/aws/eventbridge/entries.ts';
import type { Timer, VirtualClock } from '#local/clock.ts';
import type { Section, State } from '#local/state.ts';

/** A function and how often it runs. */
interface Schedule {
  functionName: string;
  everyMs: number;
}

const unitMs: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** `rate(5 minutes)` in ms; throws for anything else. */
export const rateMs = (expression: string): number => {
  const [, count = '', unit = '', plural] = /^rate\(([1-9]\d*) (minute|hour|day)(s?)\)$/.exec(expression) ?? [];
  const ms = Number(count) * (unitMs[unit] ?? 0);
  if (ms === 0 || (plural === 's') !== Number(count) > 1)
    throw new Error(`The schedule ${expression} is not valid here: it is to be like rate(1 minute) or rate(5 hours).`);
  return ms;
};

export interface SchedulesOptions {
  state: State;
  clock: VirtualClock;
  schedules: readonly Schedule[];
  /** Calls a function; a rejection is a failed run, which the next one repeats. */
  run: (functionName: string, event: ScheduledEvent) => Promise<unknown>;
  /** Keeps the event of a failed run, with the reason. */
  deadLetter: (body: string, attributes: Record<string, string>) => Promise<void>;
}

/** The schedules of the manifest's functions. */
export const schedulesOf = (specs: Readonly<Record<string, Pick<FunctionSpec, 'trigger'>>>): Schedule[] =>
  Object.entries(specs).flatMap(([functionName, { trigger }]) =>
    trigger.kind === 'schedule' ? [{ functionName, everyMs: rateMs(trigger.rate) }] : [],
  );

/** Runs of one schedule in one jump of the clock: an hour's, minute by minute. A month would have 43,200. */
const mostRuns = 60;

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
    const time = this.#nextTime(schedule, since);
    const timer = this.#options.clock.at(time, () => {
      const now = this.#options.clock.now();
      // Late by more than a whole period: the runs that were missed are not made up for one by one.
      const ran = time + schedule.everyMs <= now ? now : time;
      this.#arm(schedule, ran);
      void this.#since.put(schedule.functionName, ran);
      if (this.#running.has(schedule.functionName)) this.#missed.set(schedule.functionName, time);
      else void this.#run(schedule.functionName, time);
    });
    this.#timers.set(schedule.functionName, timer);
  }

  /** A long jump of the clock leaves out most of the runs that are close together, but not the last one. */
  #nextTime({ everyMs }: Schedule, since: number): number {
    const { jump } = this.#options.clock;
    const apartMs = jump ? Math.floor(jump.ms / mostRuns) : 0;
    if (!jump || everyMs >= apartMs) return since + everyMs;
    return Math.max(since, Math.min(since + apartMs, jump.to - everyMs)) + everyMs;
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
