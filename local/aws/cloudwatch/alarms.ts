import * as z from 'zod';
import { type AlarmName, alarms, metricNamespace } from '#core/contract/platform/alarms.ts';
import type { Timer, VirtualClock } from '#local/clock.ts';

export interface Alarm {
  name: AlarmName;
  state: 'OK' | 'ALARM';
  metric: string;
  /** When it came into this state: ISO 8601, by the virtual clock. */
  since: string;
  about: string;
}

export interface AlarmsOptions {
  clock: VirtualClock;
  /** Called at every change of a state. */
  onChange?: (alarm: Alarm) => void;
}

/** A line in CloudWatch's embedded metric format: the values stand beside `_aws`, under the names in it. */
const metricLine = z.looseObject({
  _aws: z.object({
    CloudWatchMetrics: z.array(z.object({ Namespace: z.string(), Metrics: z.array(z.object({ Name: z.string() })) })),
  }),
});

const sumOf = (value: unknown): number =>
  (Array.isArray(value) ? value : [value]).reduce<number>((sum, one) => sum + (typeof one === 'number' ? one : 0), 0);

const names = Object.keys(alarms).filter((name): name is AlarmName => name in alarms);

/** The product's alarms: raised at the first count, over when none came for the alarm's minutes. */
export class Alarms {
  readonly #options: AlarmsOptions;
  readonly #alarms: Map<AlarmName, Alarm>;
  readonly #ends = new Map<AlarmName, Timer>();

  constructor(options: AlarmsOptions) {
    this.#options = options;
    this.#alarms = new Map(
      names.map((name) => {
        const { metric, about } = alarms[name];
        return [name, { name, state: 'OK', metric, since: this.#time(), about }];
      }),
    );
  }

  /** Reads a line that a function printed; ignores one that is no metric of the product's. */
  observe(line: object): void {
    const { success, data } = metricLine.safeParse(line);
    if (!success) return;
    const { _aws: metrics } = data;
    for (const { Namespace, Metrics } of metrics.CloudWatchMetrics) {
      if (Namespace !== metricNamespace) continue;
      for (const { Name } of Metrics) this.count(Name, sumOf(data[Name]));
    }
  }

  /** Counts a metric that no function prints: AWS counts the dead letters by itself. */
  count(metric: string, times = 1): void {
    if (times <= 0) return;
    for (const name of names) if (alarms[name].metric === metric) this.#raise(name);
  }

  list(): Alarm[] {
    return [...this.#alarms.values()];
  }

  #raise(name: AlarmName): void {
    this.#set(name, 'ALARM');
    this.#ends.get(name)?.cancel();
    this.#ends.set(
      name,
      this.#options.clock.after(alarms[name].minutes * 60_000, () => this.#set(name, 'OK')),
    );
  }

  #set(name: AlarmName, state: Alarm['state']): void {
    const before = this.#alarms.get(name);
    if (!before || before.state === state) return;
    const alarm = { ...before, state, since: this.#time() };
    this.#alarms.set(name, alarm);
    this.#options.onChange?.(alarm);
  }

  #time(): string {
    return new Date(this.#options.clock.now()).toISOString();
  }
}
