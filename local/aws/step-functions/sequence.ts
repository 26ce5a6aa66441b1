/** An event of `GetExecutionHistory`, as the wire has it: `timestamp` in seconds since 1970. */
export interface HistoryEvent {
  id: number;
  previousEventId: number;
  timestamp: number;
  type: string;
  [details: `${string}EventDetails`]: object;
}

interface SequenceOptions {
  /** The history of the whole run, to which each of its sequences adds. */
  events: HistoryEvent[];
  /** Milliseconds since 1970. */
  now: () => number;
  /** Aborts when the sequence is to go no further. */
  signal: AbortSignal;
}

/** States that follow one another, the main ones of a run or those of a branch: each event follows the last one here. */
export class Sequence {
  readonly signal: AbortSignal;
  readonly #options: SequenceOptions;
  #last: number;

  constructor(options: SequenceOptions, last = 0) {
    this.signal = options.signal;
    this.#options = options;
    this.#last = last;
  }

  /** Writes what happened, in the words of AWS for tasks that are plain Lambda ARNs; throws once the signal aborted. */
  write(type: string, details?: object): void {
    this.signal.throwIfAborted();
    const { events, now } = this.#options;
    // States have their details under `stateEntered` and `stateExited` whatever their type, all else under its name.
    const name = type.replace(/^\w+State(?=Entered|Exited)/, 'State');
    const key = `${name.charAt(0).toLowerCase()}${name.slice(1)}EventDetails` as const;
    events.push({
      id: events.length + 1,
      previousEventId: this.#last,
      timestamp: now() / 1000,
      type,
      ...(details && { [key]: { ...details, ...inFull(details) } }),
    });
    this.#last = events.length;
  }

  /** A branch, which follows what happened here last. */
  fork(signal: AbortSignal): Sequence {
    return new Sequence({ ...this.#options, signal }, this.#last);
  }

  /** Goes on after what the branches did last. */
  join(branches: readonly Sequence[]): void {
    this.#last = Math.max(...branches.map((branch) => branch.#last));
  }
}

const inFull = (details: object) => ({
  ...('input' in details && { inputDetails: { truncated: false } }),
  ...('output' in details && { outputDetails: { truncated: false } }),
});
