import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { superuser } from './settings.ts';

const run = promisify(execFile);

interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

const readPostmaster = async (dataFolder: string): Promise<Postmaster | undefined> => {
  const lines = await readFile(join(dataFolder, 'postmaster.pid'), 'utf8').then(
    (text) => text.split('\n'),
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    },
  );
  if (!lines) return undefined;
  // Postgres writes the process id first, the data folder, the start time, then the port.
  return { pid: Number(lines[0]), port: Number(lines[3]) };
};

const isPostgres = async (pid: number): Promise<boolean> =>
  run('ps', ['-p', String(pid), '-o', 'comm=']).then(
    ({ stdout }) => stdout.includes('postgres'),
    () => false,
  );

const serves = async (port: number, password: string, dataFolder: string): Promise<boolean> => {
  const client = new Client({ host: '127.0.0.1', port, database: 'postgres', user: superuser, password });
  // Without a listener a session that is cut off would end this process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('show data_directory');
    return rows[0]?.data_directory === dataFolder;
  } catch {
    return false;
  } finally {
    await client.end();
  }
};

/** The port of a Postgres that still serves this folder after the process that started it was killed, if there is one. */
export const findRunning = async (dataFolder: string, password: string): Promise<number | undefined> => {
  let found: Postmaster | undefined;
  // Ten seconds: it may be recovering from a crash, or be on its way down.
  for (let attempt = 0; attempt < 100; attempt += 1) {
    found = await readPostmaster(dataFolder);
    if (!found) return undefined;
    if (!(await isPostgres(found.pid))) {
      // Its process id may be in use by something else by now, which Postgres takes for a running server.
      await rm(join(dataFolder, 'postmaster.pid'), { force: true });
      return undefined;
    }
    if (await serves(found.port, password, dataFolder)) return found.port;
    await sleep(100);
  }
  throw new Error(
    `Process ${found?.pid} holds ${dataFolder} but does not answer as its Postgres: end it and start again.`,
  );
};
