import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The account that Postgres runs under: ours, or `postgres` where we are root, which Postgres refuses to run as. */
export interface Account {
  readonly ids: { readonly uid: number; readonly gid: number } | undefined;
}

const idsOf = async (user: string): Promise<{ uid: number; gid: number } | undefined> => {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', user]), run('id', ['-g', user])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
};

/** Finds the account for Postgres; as root it makes a system user `postgres` where there is none. */
export const findAccount = async (): Promise<Account> => {
  if (process.getuid?.() !== 0) return { ids: undefined };
  const known = await idsOf('postgres');
  if (known) return { ids: known };
  try {
    await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres']);
  } catch (cause) {
    throw new Error(
      'Postgres does not run as root and the user "postgres" could not be made. Run as an ordinary user, or add that user.',
      { cause },
    );
  }
  return { ids: await idsOf('postgres') };
};

/** Fails, naming the folder and the mend, where the account cannot pass one of the folders that lead to `path`. */
export const assertPassable = async (account: Account, path: string): Promise<void> => {
  if (!account.ids) return;
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const { mode, uid, gid } = await stat(folder);
    const bit = uid === account.ids.uid ? 0o100 : gid === account.ids.gid ? 0o010 : 0o001;
    if (!(mode & bit)) {
      throw new Error(
        `Postgres runs as the user "postgres" because this process is root, and that user cannot pass ${folder} on the way to ${path}. ` +
          `Run as an ordinary user, move the project to a folder that everyone may pass, or allow it: chmod o+x ${folder}`,
      );
    }
    if (folder === dirname(folder)) return;
  }
};
