import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { TenantAccess } from '#stores/postgres/database.ts';
import { guardLocks } from '#stores/postgres/lock-guard.ts';
import { aSeededTenant, connect, connectAs, startShard, type TestShard } from './a-shard.ts';

let place: TestShard;
let noisy: TenantAccess;
let quiet: TenantAccess;
const sessions: Client[] = [];

beforeAll(async () => {
  place = await startShard();
  noisy = await aSeededTenant(place.shard, { namespace: 'pool' });
  quiet = await aSeededTenant(place.shard, { namespace: 'pool' });
});
afterEach(() => Promise.all(sessions.splice(0).map((session) => session.end())));
afterAll(() => place.stop());

const patience = { patienceSeconds: 0.2, maxTransactionSeconds: 300 };
const opened = (session: Client) => {
  sessions.push(session);
  return session;
};
const sessionOf = async (access: TenantAccess) => opened(await connectAs(place.shard, access));

const waits = () =>
  place.sql(`select from pg_locks where not granted and waitstart < now() - make_interval(secs => 0.3)`);

/** A session that holds a table, and the query of another that waits for it longer than the guard's patience. */
const aBlock = async (blocker: Client, waiter: Client) => {
  await blocker.query('begin');
  await blocker.query('lock table pool.tags in access exclusive mode');
  const waiting = waiter.query('select count(*) from pool.tags').then(
    () => 'went on',
    (error: Error) => error.message,
  );
  while ((await waits()).length === 0) await sleep(20);
  return { waiting };
};

const stillWorks = (session: Client) =>
  session.query('select 1').then(
    () => true,
    () => false,
  );

test('a tenant that keeps another waiting is ended, and the other goes on', async () => {
  const blocker = await sessionOf(noisy);
  const { waiting } = await aBlock(blocker, await sessionOf(quiet));
  expect(await guardLocks(place.shard, patience)).toEqual([{ blocker: noisy.tenantId, waiter: quiet.tenantId }]);
  expect(await waiting).toBe('went on');
  expect(await stillWorks(blocker)).toBe(false);
});

test('two sessions of one tenant are its own affair', async () => {
  const blocker = await sessionOf(noisy);
  const { waiting } = await aBlock(blocker, await sessionOf(noisy));
  expect(await guardLocks(place.shard, patience)).toEqual([]);
  await blocker.query('commit');
  expect(await waiting).toBe('went on');
});

test('the control plane is not ended for keeping a tenant waiting, nor for a long transaction', async () => {
  const blocker = opened(await connect(place.shard.endpoint, place.shard.admin));
  const { waiting } = await aBlock(blocker, await sessionOf(quiet));
  expect(await guardLocks(place.shard, { patienceSeconds: 0.2, maxTransactionSeconds: 300 })).toEqual([]);
  const ended = await guardLocks(place.shard, { patienceSeconds: 300, maxTransactionSeconds: 0.1 });
  expect(ended).toEqual([{ blocker: quiet.tenantId }]);
  expect(await stillWorks(blocker)).toBe(true);
  expect(await waiting).toMatch(/terminat/);
});

test('a transaction that grows too old is ended, a younger one is not', async () => {
  const old = await sessionOf(noisy);
  await old.query('begin');
  expect(await guardLocks(place.shard, patience)).toEqual([]);
  await sleep(300);
  const young = await sessionOf(quiet);
  await young.query('begin');
  expect(await guardLocks(place.shard, { patienceSeconds: 1, maxTransactionSeconds: 0.25 })).toEqual([
    { blocker: noisy.tenantId },
  ]);
  expect(await stillWorks(old)).toBe(false);
  expect(await stillWorks(young)).toBe(true);
});
