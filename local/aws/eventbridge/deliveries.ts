import { setTimeout as sleep } from 'node:timers/promises';
import { Limiter } from '#local/aws/lambda/limiter.ts';
import type { VirtualClock } from '#local/clock.ts';
import type { Section, State, Write } from '#local/state.ts';
import type { BusEvent } from './entries.ts';
import { type Rule, ruleArn, targetArn } from './rules.ts';

/** An event on its way to the function of a rule. */
interface Delivery {
  ruleName: string;
  bus: string;
  event: BusEvent;
  /** Tries that failed. */
  failures: number;
}

export interface DeliveryOptions {
  state: State;
  clock: VirtualClock;
  rules: readonly Rule[];
  /** Calls a function with an event; a rejection is a failed try. */
  deliver: (functionName: string, event: BusEvent) => Promise<unknown>;
  /** Stores an event that could not be delivered, with the reason. */
  deadLetter: (body: string, attributes: Record<string, string>) => Promise<void>;
  /** Functions called at once. */
  concurrency?: number;
  /** Waits before the second try and each further one: Lambda tries an event three times, minutes apart. */
  retryDelaysMs?: readonly number[];
}

const defaultConcurrency = 16;
const shortDelaysMs = [1000, 2000];
/** How long a closing bus waits for the functions it has called; what is not done then is delivered again later. */
const graceMs = 5000;

/** Delivers each event at least once to each rule that matches it, also over a restart; gives up into the dead letters. */
export class Deliveries {
  readonly #options: DeliveryOptions;
  readonly #section: Section<Delivery>;
  readonly #limiter: Limiter;
  readonly #delaysMs: readonly number[];
  readonly #running = new Set<Promise<void>>();
  readonly #leftOver: [string, Delivery][] = [];
  #next = 0;
  #state: 'open' | 'closing' | 'closed' = 'open';

  private constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#section = options.state.section<Delivery>('deliveries');
    this.#limiter = new Limiter(options.concurrency ?? defaultConcurrency);
    this.#delaysMs = options.retryDelaysMs ?? shortDelaysMs;
  }

  /** Reads what an earlier run left undone. */
  static async open(options: DeliveryOptions): Promise<Deliveries> {
    const deliveries = new Deliveries(options);
    for await (const [key, delivery] of deliveries.#section.entries()) {
      deliveries.#next = Number(key) + 1;
      deliveries.#leftOver.push([key, delivery]);
    }
    return deliveries;
  }

  /** Goes on with the deliveries that an earlier run left undone. */
  resume(): void {
    for (const [key, delivery] of this.#leftOver.splice(0)) this.#start(key, delivery);
  }

  /** Resolves once the events are stored; they are delivered after that, at the earliest in `delayMs`. */
  async accept(events: readonly { bus: string; event: BusEvent }[], delayMs = 0): Promise<void> {
    const writes: Write[] = [];
    const accepted: [string, Delivery][] = [];
    for (const { bus, event } of events) {
      for (const rule of this.#options.rules) {
        if (rule.bus !== bus || !rule.matches(event)) continue;
        const key = String(this.#next++).padStart(16, '0');
        const delivery = { ruleName: rule.name, bus, event, failures: 0 };
        writes.push(this.#section.putting(key, delivery));
        accepted.push([key, delivery]);
      }
    }
    await this.#options.state.write(writes);
    for (const [key, delivery] of accepted) {
      if (delayMs > 0) this.#options.clock.after(delayMs, () => this.#start(key, delivery));
      else this.#start(key, delivery);
    }
  }

  async close(): Promise<void> {
    this.#state = 'closing';
    const waiting = new AbortController();
    const grace = sleep(graceMs, undefined, { signal: waiting.signal }).catch(() => undefined);
    await Promise.race([Promise.allSettled(this.#running), grace]);
    waiting.abort();
    this.#state = 'closed';
  }

  #start(key: string, delivery: Delivery): void {
    const run = this.#limiter.run(() => this.#try(key, delivery));
    this.#running.add(run);
    void run.finally(() => this.#running.delete(run));
  }

  async #try(key: string, delivery: Delivery): Promise<void> {
    if (this.#state !== 'open') return;
    const rule = this.#options.rules.find(({ name, bus }) => name === delivery.ruleName && bus === delivery.bus);
    let failure: { error: unknown } | undefined;
    try {
      if (!rule) throw new Error(`The rule ${delivery.ruleName} of an earlier run is gone.`);
      await this.#options.deliver(rule.functionName, delivery.event);
    } catch (error) {
      failure = { error };
    }
    // A function that ends after the grace counts as one that did not end: its event comes again.
    if (this.#isClosed) return;
    if (failure) await this.#failed(key, { ...delivery, failures: delivery.failures + 1 }, rule, failure.error);
    else await this.#section.delete(key);
  }

  get #isClosed(): boolean {
    return this.#state === 'closed';
  }

  async #failed(key: string, delivery: Delivery, rule: Rule | undefined, error: unknown): Promise<void> {
    const delayMs = this.#delaysMs[delivery.failures - 1];
    if (delayMs === undefined) {
      await this.#options.deadLetter(JSON.stringify(delivery.event), reasons(delivery, rule, error));
      await this.#section.delete(key);
      return;
    }
    await this.#section.put(key, delivery);
    this.#options.clock.after(delayMs, () => this.#start(key, delivery));
  }
}

const reasons = ({ failures }: Delivery, rule: Rule | undefined, error: unknown) => ({
  ...(rule ? { RULE_ARN: ruleArn(rule), TARGET_ARN: targetArn(rule) } : {}),
  ERROR_CODE: error instanceof Error ? error.name : 'Error',
  ERROR_MESSAGE: (error instanceof Error ? error.message : String(error)).slice(0, 1024),
  EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
  RETRY_ATTEMPTS: String(failures - 1),
});
