/** A function's failure as Lambda reports it: names and texts only, never the thrown object. */
export class FunctionError extends Error {
  override readonly name: string;
  readonly errorType: string;
  readonly trace: readonly string[];

  constructor(errorType: string, errorMessage: string, trace: readonly string[] = []) {
    super(errorMessage);
    this.name = errorType;
    this.errorType = errorType;
    this.trace = trace;
  }

  get errorMessage(): string {
    return this.message;
  }

  /** The JSON that Lambda answers, and that Step Functions takes as the cause. */
  toJSON(): { errorType: string; errorMessage: string; trace: readonly string[] } {
    return { errorType: this.errorType, errorMessage: this.errorMessage, trace: this.trace };
  }
}

/** The error as Lambda's Node runtime reports it: by its `name`, or by its type when no error was thrown. */
export function toFunctionError(thrown: unknown): FunctionError {
  if (thrown instanceof FunctionError) return thrown;
  if (thrown instanceof Error) return new FunctionError(thrown.name, thrown.message, thrown.stack?.split('\n') ?? []);
  return new FunctionError(typeof thrown, String(thrown));
}

/** What Lambda reports when a function runs longer than its time-out. */
export const timedOut = (requestId: string, seconds: number) =>
  new FunctionError(
    'Sandbox.Timedout',
    `RequestId: ${requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds`,
  );
