import { type Caller, currentCaller } from './caller.ts';
import type { FunctionError } from './function-error.ts';

/** A metric line in CloudWatch's embedded metric format, as the function printed it. */
export type MetricLine = Record<string, unknown>;

export interface FunctionLogsOptions {
  write: (line: string) => void;
  onMetric: (metric: MetricLine) => void;
}

type Write = typeof process.stdout.write;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parsedLine(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    // Text that only looks like JSON is logged as text.
    return undefined;
  }
}

/** Moves what functions print from the terminal to the log: each line becomes JSON that names its function and run. */
export class FunctionLogs {
  readonly #options: FunctionLogsOptions;

  constructor(options: FunctionLogsOptions) {
    this.#options = options;
  }

  /** One thing printed by a function: a JSON line stays what it is, other text becomes its `message`. */
  print(caller: Caller, text: string, level: 'INFO' | 'ERROR' = 'INFO'): void {
    const line = text.trimEnd();
    if (line === '') return;
    const entry = parsedLine(line) ?? { level, message: line, timestamp: new Date().toISOString() };
    if ('_aws' in entry) this.#options.onMetric(entry);
    this.#write(caller, entry);
  }

  /** Lambda's own line about a run that failed. */
  readonly failed = (caller: Caller, error: FunctionError): void => {
    const timestamp = new Date().toISOString();
    this.#write(caller, { level: 'ERROR', message: 'The function failed', timestamp, error: error.toJSON() });
  };

  /**
   * Captures what functions print from now on, until the returned function is called; other output passes. It is done
   * at the streams, since powertools prints by a console of its own.
   */
  capture(): () => void {
    const releases = [this.#captureStream(process.stdout, 'INFO'), this.#captureStream(process.stderr, 'ERROR')];
    return () => {
      for (const release of releases) release();
    };
  }

  #write(caller: Caller, entry: Record<string, unknown>): void {
    const { functionName, requestId, tenantId } = caller;
    this.#options.write(JSON.stringify({ function: functionName, requestId, tenantId, ...entry }));
  }

  #captureStream(stream: NodeJS.WriteStream, level: 'INFO' | 'ERROR'): () => void {
    const original: Write = stream.write.bind(stream);
    const print = (caller: Caller, chunk: string | Uint8Array) =>
      this.print(caller, typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString(), level);
    const capturing: Write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
      const caller = currentCaller();
      if (!caller) return Reflect.apply(original, undefined, [chunk, ...rest]);
      print(caller, chunk);
      const written = rest.find((argument) => typeof argument === 'function');
      if (written) process.nextTick(written);
      return true;
    };
    stream.write = capturing;
    return () => {
      stream.write = original;
    };
  }
}
