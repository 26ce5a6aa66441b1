import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { type Cluster, startCluster } from '#local/postgres/cluster.ts';
import { freePort } from '#local/postgres/ports.ts';
import { aFolder, connect, failureOf, remove } from './a-shard.ts';

// Finds ports as ever, but for the test in which one is taken by another program in between.
vi.mock(import('#local/postgres/ports.ts'), async (original) => ({ freePort: vi.fn((await original()).freePort) }));

/** Made once, since that is the slow part; every test finds it stopped. */
let used: string;
const clusters: Cluster[] = [];
const folders: string[] = [];

const folderOf = async () => {
  const folder = await aFolder();
  folders.push(folder);
  return folder;
};
const started = async (folder: string) => {
  const cluster = await startCluster({ folder });
  clusters.push(cluster);
  return cluster;
};

beforeAll(async () => {
  used = await folderOf();
  await (await startCluster({ folder: used })).stop();
});
afterEach(() => Promise.all(clusters.splice(0).map((cluster) => cluster.stop())));
afterAll(() => Promise.all(folders.map(remove)));

const query = async (cluster: Cluster, sql: string) => {
  const session = await connect(cluster.endpoint, cluster.adminLogin);
  const { rows } = await session.query<Record<string, string>>(sql);
  await session.end();
  return rows;
};

const occupy = async (port = 0) => {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return { server, port: typeof address === 'object' ? (address?.port ?? 0) : 0 };
};

test('several clusters start at once, with the settings of a shard, logins of their own, no traffic beyond this machine', async () => {
  const [one, other] = await Promise.all([started(await folderOf()), started(await folderOf())]);
  expect(one.endpoint.port).not.toBe(other.endpoint.port);
  const settings = await query(
    one,
    `select name, setting from pg_settings where name in ('listen_addresses', 'unix_socket_directories', 'password_encryption',
       'max_prepared_transactions', 'reserved_connections', 'max_notify_queue_pages', 'log_lock_waits', 'max_connections') order by 1`,
  );
  expect(Object.fromEntries(settings.map(({ name, setting }) => [name, setting]))).toEqual({
    listen_addresses: '127.0.0.1',
    log_lock_waits: 'on',
    max_connections: '200',
    max_notify_queue_pages: '8192',
    max_prepared_transactions: '0',
    password_encryption: 'scram-sha-256',
    reserved_connections: '10',
    unix_socket_directories: '',
  });
  expect((await failureOf(connect(other.endpoint, one.adminLogin))).code).toBe('28P01');
});

test('after a stop it comes back with its data, on the port and with the password it had', async () => {
  // Below the ports that the system hands out: another test could get it while this one is stopped.
  vi.mocked(freePort).mockResolvedValueOnce(20_000 + (process.pid % 10_000));
  const first = await started(used);
  await query(first, 'create table if not exists kept as select 1 as x');
  await first.stop();
  await first.stop();
  const second = await started(used);
  expect(second).toMatchObject({ endpoint: first.endpoint, adminLogin: first.adminLogin, adopted: false });
  expect(await query(second, 'select x::text from kept')).toEqual([{ x: '1' }]);
});

test('a server that outlived the process which started it is adopted, and can be stopped', async () => {
  const script = `import { startCluster } from '#local/postgres/cluster.ts';
    const { endpoint } = await startCluster({ folder: ${JSON.stringify(used)} });
    console.log(endpoint.port); setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
  const cluster = await started(used);
  expect(cluster).toMatchObject({ adopted: true, endpoint: { port: Number(port) } });
  expect(await query(cluster, `select 'serves' as it`)).toEqual([{ it: 'serves' }]);
  await cluster.stop();
  expect((await failureOf(connect(cluster.endpoint, cluster.adminLogin))).code).toBe('ECONNREFUSED');
});

test('a process id left by a crash, now of another program, is not taken for a server', async () => {
  await writeFile(join(used, 'data', 'postmaster.pid'), `${process.pid}\n${join(used, 'data')}\n1\n1\n`);
  expect((await started(used)).adopted).toBe(false);
});

test('an initialisation that was cut off is begun anew', async () => {
  const folder = await folderOf();
  await mkdir(join(folder, 'data'));
  await writeFile(join(folder, 'data', 'half'), 'made');
  expect(await query(await started(folder), `select current_database() as name`)).toEqual([{ name: 'app' }]);
});

test('a remembered port that is taken is changed', async () => {
  const first = await started(used);
  await first.stop();
  const { server } = await occupy(first.endpoint.port);
  expect((await started(used)).endpoint.port).not.toBe(first.endpoint.port);
  server.close();
});

test('a port that another program takes at the last moment is left to it, and another one found', async () => {
  const { server, port } = await occupy();
  vi.mocked(freePort).mockResolvedValueOnce(port);
  const cluster = await started(await folderOf());
  expect(cluster.endpoint.port).not.toBe(port);
  expect(await query(cluster, 'select 1 as one')).toEqual([{ one: 1 }]);
  server.close();
});

test('a server that cannot start says why', async () => {
  const version = join(used, 'data', 'PG_VERSION');
  const real = await readFile(version, 'utf8');
  await writeFile(version, '9\n');
  try {
    expect((await failureOf(startCluster({ folder: used }))).message).toMatch(
      /did not start in .*\n(.*\n)*.*version 9/,
    );
  } finally {
    await writeFile(version, real);
  }
});

test.runIf(process.getuid?.() === 0)(
  'as root, a folder that the user postgres cannot pass is named with the mend',
  async () => {
    const closed = await folderOf();
    await chmod(closed, 0o700);
    const failure = await failureOf(startCluster({ folder: join(closed, 'shard') }));
    expect(failure.message).toContain(`cannot pass ${closed}`);
    expect(failure.message).toContain(`chmod o+x ${closed}`);
  },
);
