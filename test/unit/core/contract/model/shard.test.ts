import { expect, test } from 'vitest';
import { type ShardRegistration, shardRegistrationSchema, shardUpdateSchema } from '#core/contract/model/shard.ts';
import { aShardRegistration } from '#test/builders.ts';

const faultsOf = (changes: object) =>
  shardRegistrationSchema
    .safeParse({ ...aShardRegistration(), ...changes })
    .error?.issues.map(({ path }) => path.join('/')) ?? [];
const endpoint = (changes: object) => ({ endpoint: { ...aShardRegistration().endpoint, ...changes } });

test('a shared shard has a range, a dedicated one has none', () => {
  expect(faultsOf({})).toEqual([]);
  expect(faultsOf({ range: undefined })).toEqual(['range']);
  expect(faultsOf({ class: 'dedicated', range: undefined })).toEqual([]);
  expect(faultsOf({ class: 'dedicated' })).toEqual(['range']);
});

test.for([
  { from: 2, to: 1 },
  { from: -1, to: 1 },
  { from: 0, to: 65_536 },
  { from: 0.5, to: 1 },
  { from: 0 },
  { from: 0, to: 1, step: 1 },
])('%j is not a range', (range) => {
  expect(faultsOf({ range })[0]).toMatch(/^range/);
});

test('a range may be a single hash, or all of them', () => {
  expect(faultsOf({ range: { from: 7, to: 7 } })).toEqual([]);
  expect(faultsOf({ range: { from: 0, to: 65_535 } })).toEqual([]);
});

test.for([
  { host: 'db.example; rm -rf /' },
  { host: 'db example' },
  { host: '' },
  { host: 'дb.example' },
  { port: 0 },
  { port: 65_536 },
  { port: '5432' },
  { database: 'app"; drop database app' },
  { database: '../app' },
  { database: '' },
  { password: 'secret' },
])('the endpoint %j is rejected', (change) => {
  expect(faultsOf(endpoint(change))[0]).toMatch(/^endpoint/);
});

test('connections use TLS by default', () => {
  const { tls: _tls, ...bare } = aShardRegistration().endpoint;
  const parsed: ShardRegistration = shardRegistrationSchema.parse({ ...aShardRegistration(), endpoint: bare });
  expect(parsed.endpoint.tls).toBe(true);
});

test.for<[string, unknown]>([
  ['shardId', 'Shared'],
  ['shardId', '../shared'],
  ['shardId', 'a#b'],
  ['shardId', ''],
  ['shardId', 'x'.repeat(41)],
  ['region', ''],
  ['region', 'us east'],
  ['region', 'us\ud800east'],
  ['capacity', 0],
  ['capacity', 2_501],
  ['capacity', 1.5],
  ['class', 'huge'],
  ['count', 5],
])('%s may not be %j', ([field, value]) => {
  expect(faultsOf({ [field]: value })).toEqual([field === 'count' ? '' : field]);
});

const accepts = (update: object) => shardUpdateSchema.safeParse(update).success;

test('an update changes capacity, state or both, and nothing else', () => {
  expect(accepts({ capacity: 0 })).toBe(true);
  expect(accepts({ state: 'closed' })).toBe(true);
  expect(accepts({})).toBe(false);
  expect(accepts({ count: 0 })).toBe(false);
  expect(accepts({ range: { from: 0, to: 1 } })).toBe(false);
});
