import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { builtOnce } from '#local/built-once.ts';
import { type Account, assertPassable } from './account.ts';
import { type Binaries, runAs } from './binaries.ts';
import { applicationDatabase, hostRules, initialiseFlags, superuser } from './settings.ts';

/** What makes and changes the data of clusters that do not run. */
export interface DataTools {
  readonly account: Account;
  readonly binaries: Binaries;
}

const root = join(import.meta.dirname, '../..');

/** A folder that only Postgres' account may read, as Postgres demands. */
export const prepareFolder = async (account: Account, folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true });
  if (account.ids) await chown(folder, account.ids.uid, account.ids.gid);
  await chmod(folder, 0o700);
};

/** Runs SQL on the data of a cluster that does not run, as its superuser; a statement a line. */
const runSingle = ({ account, binaries }: DataTools, data: string, statement: string) =>
  runAs(account, binaries.postgres, ['--single', '-F', '-c', 'exit_on_error=true', '-D', data, 'postgres'], statement);

const build = async (tools: DataTools, folder: string) => {
  const data = join(folder, 'data');
  await prepareFolder(tools.account, folder);
  await assertPassable(tools.account, folder);
  await runAs(tools.account, tools.binaries.initdb, [`--pgdata=${data}`, ...initialiseFlags]);
  await runSingle(tools, data, `create database ${applicationDatabase}`);
  await writeFile(join(data, 'pg_hba.conf'), hostRules);
};

/** The data that every cluster begins with, made once for all of them: nobody may log in yet. */
const initialData = async (tools: DataTools): Promise<string> => {
  const parts = [JSON.stringify([initialiseFlags, applicationDatabase, hostRules, tools.account])];
  return join(await builtOnce({ root, name: 'postgres-data', parts }, (folder) => build(tools, folder)), 'data');
};

/**
 * Makes the data of a new cluster, whose superuser has this password. They are copied, as in Postgres' own tests: that
 * takes a tenth of what `initdb` does.
 */
export const makeData = async (tools: DataTools, data: string, password: string): Promise<void> => {
  await runAs(tools.account, 'cp', ['-R', '-p', await initialData(tools), data]);
  await runSingle(tools, data, `alter role ${superuser} password '${password}'`);
};
