import { count } from './telemetry.ts';

/** A line for each event would cost more than a flag evaluation, and let a flood of requests flood the log. */
const intervalMs = 1_000;

type Dimensions = Readonly<Record<string, string>>;

/**
 * Counts frequent events and writes the counts as a metric once a second. An instance is idle between its calls, so
 * counts are written by the first call a second later; those of an instance's last second are lost.
 */
export class Tally {
  readonly #metric: Parameters<typeof count>[0];
  /** Dimensions as JSON → times counted since the last write. */
  readonly #pending = new Map<string, number>();
  #writtenAt = Number.NEGATIVE_INFINITY;

  constructor(metric: Parameters<typeof count>[0]) {
    this.#metric = metric;
  }

  /** Counts `times` events with these dimensions, after writing what is due. */
  add(dimensions: Dimensions, times = 1): void {
    this.write();
    const key = JSON.stringify(dimensions);
    this.#pending.set(key, (this.#pending.get(key) ?? 0) + times);
  }

  /** Writes the pending counts, if the last write was a second ago. */
  write(): void {
    const now = performance.now();
    if (now - this.#writtenAt < intervalMs) return;
    for (const [key, times] of this.#pending) count(this.#metric, times, JSON.parse(key) as Dimensions);
    this.#pending.clear();
    this.#writtenAt = now;
  }
}
