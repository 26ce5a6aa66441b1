import { expect, test } from 'vitest';
import { concernsOf } from '#console/fleet/needs-attention.ts';
import type { Shard } from '#core/contract/model/shard.ts';
import { noon } from '#test/builders.ts';

const shard = (fields: Partial<Shard>): Shard => ({
  shardId: 'shared-1',
  class: 'shared',
  region: 'us-east-1',
  capacity: 100,
  count: 0,
  state: 'open',
  endpoint: { host: 'db', port: 5432, database: 'app', tls: true },
  version: 1,
  createdAt: noon,
  updatedAt: noon,
  ...fields,
});
const said = (byStatus: Parameters<typeof concernsOf>[0]['byStatus'], shards: readonly Shard[] = []) =>
  concernsOf({ byStatus, shards }).map(({ severity, text }) => `${severity}: ${text}`);

test('a healthy fleet needs no attention', () => {
  expect(said({ active: 10 }, [shard({ count: 80 }), shard({ class: 'dedicated', capacity: 1 })])).toEqual([]);
});

test('the most severe comes first, with a link', () => {
  expect(said({ suspended: 1, failed: 2, 'rollback-failed': 1 }, [shard({ count: 95 })])).toEqual([
    'error: The roll-back of 1 tenant failed',
    'error: The onboarding of 2 tenants failed',
    'warning: Shard shared-1 is nearly full',
    'info: 1 tenant suspended',
  ]);
  expect(concernsOf({ byStatus: { failed: 1 } })).toMatchObject([{ to: '/tenants?status=failed' }]);
});

test('a full shard is more severe than a nearly full one; a closed one is ignored', () => {
  expect(said({}, [shard({ count: 100 })])).toEqual(['error: Shard shared-1 is full']);
  expect(said({}, [shard({ count: 100, state: 'closed' })])).toEqual([]);
});

test('a missing spare dedicated shard is reported', () => {
  const used = shard({ class: 'dedicated', capacity: 1, count: 1 });
  expect(said({}, [used])).toEqual(['warning: No spare dedicated shard']);
  expect(said({}, [used, shard({ class: 'dedicated', capacity: 1 })])).toEqual([]);
});

test('stale flags are reported, with a link to their list', () => {
  const stale = { items: [{}, {}] };
  expect(concernsOf({ byStatus: {}, stale })).toMatchObject([
    { severity: 'info', text: '2 stale flags can be removed', to: '/flags?stale=true' },
  ]);
  const [first] = concernsOf({ byStatus: {}, stale: { ...stale, nextCursor: 'more' } });
  expect(first?.text).toBe('2 or more stale flags can be removed');
  expect(concernsOf({ byStatus: {}, stale: { items: [] } })).toEqual([]);
});
