import { randomBytes } from 'node:crypto';
import { chown, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import type { ShardEndpoint, ShardLogin } from '#stores/postgres/database.ts';
import { assertPassable, findAccount } from './account.ts';
import { findBinaries, runAs } from './binaries.ts';
import { type DataTools, makeData, prepareFolder } from './initial-data.ts';
import { freePort } from './ports.ts';
import { findRunning } from './postmaster.ts';
import { applicationDatabase, serverSettings, superuser } from './settings.ts';

/** One real Postgres cluster on this machine. */
export interface Cluster {
  readonly endpoint: ShardEndpoint;
  readonly adminLogin: ShardLogin;
  /** True where it was still running from an earlier process. */
  readonly adopted: boolean;
  /** Ends its sessions and stops it; its data stay. */
  stop(): Promise<void>;
}

interface ClusterOptions {
  /** Holds the data, the port and the superuser's password; made if it is missing. */
  readonly folder: string;
}

interface Place extends DataTools {
  readonly folder: string;
  readonly data: string;
}

/** The record in the folder; it has no port before the first start. */
const recordSchema = z.object({ port: z.int().optional(), password: z.string() });
type ClusterRecord = z.infer<typeof recordSchema>;

const recordFile = (place: Place) => join(place.folder, 'cluster.json');

const writeSecret = async (place: Place, path: string, text: string) => {
  await writeFile(path, text, { mode: 0o600 });
  if (place.account.ids) await chown(path, place.account.ids.uid, place.account.ids.gid);
};

const readRecord = async (place: Place): Promise<ClusterRecord | undefined> => {
  try {
    return recordSchema.parse(JSON.parse(await readFile(recordFile(place), 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
};

/** Writes the record last: a folder without one was left by an initialisation that was interrupted. */
const initialise = async (place: Place): Promise<ClusterRecord> => {
  const record = { password: randomBytes(24).toString('base64url') };
  await rm(place.data, { recursive: true, force: true });
  await makeData(place, place.data, record.password);
  await writeSecret(place, recordFile(place), JSON.stringify(record));
  return record;
};

const logOf = async (place: Place): Promise<string> => {
  const text = await readFile(join(place.folder, 'postgres.log'), 'utf8');
  return text.trim().split('\n').slice(-5).join('\n');
};

const launch = async (place: Place, port: number) => {
  const settings = Object.entries(serverSettings).map(([name, value]) => `-c ${name}=${value}`);
  try {
    await runAs(place.account, place.binaries.pgCtl, [
      'start',
      '--wait',
      '--silent',
      `--pgdata=${place.data}`,
      `--log=${join(place.folder, 'postgres.log')}`,
      `--options=-p ${port} ${settings.join(' ')}`,
    ]);
  } catch (cause) {
    throw new Error(`Postgres did not start in ${place.folder}. The end of its log:\n${await logOf(place)}`, { cause });
  }
};

const start = async (place: Place, record: ClusterRecord): Promise<number> => {
  const port = await launchAnywhere(place, record.port);
  await writeSecret(place, recordFile(place), JSON.stringify({ ...record, port }));
  return port;
};

/** Another program may take a port after it was found free; that it happens ten times in a row is past belief. */
const mostTries = 10;

const launchAnywhere = async (place: Place, before: number | undefined, tries = mostTries): Promise<number> => {
  const port = (before && (await freePort(before))) ?? (await freePort());
  if (port === undefined) throw new Error('This machine has no free port.');
  try {
    await launch(place, port);
    return port;
  } catch (error) {
    const isTaken = error instanceof Error && error.message.includes('Address already in use');
    if (!isTaken || tries === 1) throw error;
    return launchAnywhere(place, undefined, tries - 1);
  }
};

/** Starts the cluster of a folder, making it if it is new, or adopts it where it is still running. A new one needs a third of a second, the first of all another. */
export const startCluster = async (options: ClusterOptions): Promise<Cluster> => {
  const [account, binaries] = await Promise.all([findAccount(), findBinaries()]);
  const folder = resolve(options.folder);
  const place: Place = { account, folder, data: join(folder, 'data'), binaries };
  await prepareFolder(account, folder);
  await Promise.all([assertPassable(account, folder), assertPassable(account, binaries.initdb)]);

  const record = (await readRecord(place)) ?? (await initialise(place));
  const running = await findRunning(place.data, record.password);
  const port = running ?? (await start(place, record));
  return {
    endpoint: { host: '127.0.0.1', port, database: applicationDatabase, tls: false },
    adminLogin: { user: superuser, password: record.password },
    adopted: running !== undefined,
    stop: async () => {
      if ((await findRunning(place.data, record.password)) === undefined) return;
      try {
        await runAs(account, place.binaries.pgCtl, [
          'stop',
          '--wait',
          '--silent',
          '--mode=fast',
          `--pgdata=${place.data}`,
        ]);
      } catch (error) {
        // It may have ended in between, or been stopped by another process.
        if ((await findRunning(place.data, record.password)) !== undefined) throw error;
      }
    },
  };
};
