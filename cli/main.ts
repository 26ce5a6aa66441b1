import { CommanderError } from 'commander';
import { ProblemError } from '#core/contract/api/client.ts';
import { commandTree } from './command-tree.ts';
import { type ExitCode, exitCodeOf, exitCodes } from './exit-codes.ts';
import { followText } from './format.ts';
import type { Terminal } from './terminal.ts';

/** An error as text: for a refusal, its code, detail, invalid fields and the operation in the way. */
function explain(error: unknown): string {
  if (!(error instanceof ProblemError)) return error instanceof Error ? error.message : String(error);
  const { code, detail, errors = [], operationId } = error.problem;
  return [
    `${code}: ${detail}`,
    ...errors.map(({ path, message }) => `  ${path} ${message}`),
    ...(operationId === undefined ? [] : [followText(operationId)]),
  ].join('\n');
}

/** Runs one command line; results go to `stdout`, everything else to `stderr`. Returns the exit code, never throws. */
export async function main(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  try {
    const program = await commandTree(terminal, args);
    await program.parseAsync(args, { from: 'user' });
    return exitCodes.ok;
  } catch (error) {
    // Commander has already printed its own errors.
    if (!(error instanceof CommanderError)) terminal.stderr.write(`${explain(error)}\n`);
    return exitCodeOf(error);
  }
}
