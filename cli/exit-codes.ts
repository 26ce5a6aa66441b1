import { CommanderError } from 'commander';
import { ProblemError } from '#core/contract/api/client.ts';

export const exitCodes = { ok: 0, failed: 1, usage: 2, notAuthorized: 3, notFound: 4, conflict: 5 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The exit codes, as shown in every `--help`. */
export const exitCodeMeanings: readonly (readonly [ExitCode, string])[] = [
  [exitCodes.ok, 'success'],
  [exitCodes.failed, 'the operation failed, the audit chain is broken, or the API did not respond properly'],
  [exitCodes.usage, 'the command or its values are invalid'],
  [exitCodes.notAuthorized, "no valid token, or the token's role lacks the permission"],
  [exitCodes.notFound, 'the resource was not found'],
  [exitCodes.conflict, 'conflict, such as a slug in use or a state that does not allow the operation'],
];

/** An error reported by the command itself, with its exit code. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

const exitCodesByStatus: Readonly<Record<number, ExitCode>> = {
  400: exitCodes.usage,
  401: exitCodes.notAuthorized,
  403: exitCodes.notAuthorized,
  404: exitCodes.notFound,
  409: exitCodes.conflict,
  413: exitCodes.usage,
};

/** The exit code for an HTTP status. */
export const exitCodeForStatus = (status: number): ExitCode => exitCodesByStatus[status] ?? exitCodes.failed;

/** The exit code for an error that a command threw. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommandError) return error.exitCode;
  if (error instanceof ProblemError) return exitCodeForStatus(error.status);
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  return exitCodes.failed;
}
