/** How an execution ended, in the words of Step Functions; `output` is JSON. */
export type Outcome =
  | { status: 'SUCCEEDED'; output: string }
  | { status: 'FAILED' | 'TIMED_OUT' | 'ABORTED'; error?: string; cause?: string };

/** An error that no Retry and no Catch of a definition may take: the library asks these two. */
export class TerminalError extends Error {
  override readonly name: string;
  readonly isRetryable = false;
  readonly isCatchable = false;

  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/** The outcome of an execution that ended with this error: a task's, a Fail state's or the library's own. */
export function failureOf(thrown: unknown): Outcome {
  const error = thrown instanceof Error && thrown.name === 'ExecutionError' ? thrown.cause : thrown;
  if (!(error instanceof Error)) return { status: 'FAILED', error: 'States.Runtime', cause: String(error) };
  return { status: 'FAILED', error: error.name, cause: error.message };
}
