import { CommanderError } from 'commander';
import { ProblemError } from '#core/contract/api/client.ts';

export const exitCodes = { ok: 0, failed: 1, usage: 2, notAuthorised: 3, notFound: 4, conflict: 5 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What each exit code says; shown under every `--help`. */
export const exitCodeMeanings: readonly (readonly [ExitCode, string])[] = [
  [exitCodes.ok, 'done'],
  [exitCodes.failed, 'the operation failed, the audit chain is broken, or the API did not answer as it should'],
  [exitCodes.usage, 'the command or its values are wrong'],
  [exitCodes.notAuthorised, 'no valid token, or its role may not do this'],
  [exitCodes.notFound, 'nothing is found there'],
  [exitCodes.conflict, 'in conflict with what is there: a slug in use, a state that does not allow it'],
];

/** A failure the command itself tells of, with the exit code it stands for. */
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
  401: exitCodes.notAuthorised,
  403: exitCodes.notAuthorised,
  404: exitCodes.notFound,
  409: exitCodes.conflict,
  413: exitCodes.usage,
};

/** The exit code that tells of an API answer of this status. */
export const exitCodeForStatus = (status: number): ExitCode => exitCodesByStatus[status] ?? exitCodes.failed;

/** The exit code of whatever a command threw. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommandError) return error.exitCode;
  if (error instanceof ProblemError) return exitCodeForStatus(error.status);
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  return exitCodes.failed;
}
