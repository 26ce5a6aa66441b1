import { expect, test } from 'vitest';
import { type CountedOperation, summariseFleet } from '#core/fleet/summarise-fleet.ts';
import { later, noon } from '#test/builders.ts';

const took = (ms: number): CountedOperation => ({
  kind: 'onboard',
  status: 'succeeded',
  startedAt: noon,
  endedAt: new Date(Date.parse(noon) + ms).toISOString(),
});
const failed = (step: string, code = 'internal'): CountedOperation => ({
  kind: 'onboard',
  status: 'rolled-back',
  startedAt: noon,
  endedAt: later,
  failure: { step, code, message: 'it broke' },
});
const summary = (facts: Partial<Parameters<typeof summariseFleet>[0]>) =>
  summariseFleet({ tenants: [], operations: [], since: noon, now: later, ...facts });

test('tenants are counted by what they are and where they live', () => {
  const fleet = summary({
    tenants: [
      { status: 'active', tier: 'starter', region: 'us-east-1', shardId: 'shared-1' },
      { status: 'active', tier: 'growth', region: 'eu-west-1', shardId: 'shared-1' },
      { status: 'failed', tier: 'starter', region: 'us-east-1' },
    ],
  });
  expect(fleet).toMatchObject({
    asOf: later,
    tenants: 3,
    byStatus: { active: 2, failed: 1 },
    byTier: { starter: 2, growth: 1 },
    byRegion: { 'us-east-1': 2, 'eu-west-1': 1 },
    byShard: { 'shared-1': 2 },
  });
});

test('the percentiles are those of the onboardings that succeeded, by nearest rank', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => took((index + 1) * 10));
  expect(summary({ operations: [...hundred.toReversed(), failed('provision')] }).onboardings).toMatchObject({
    succeeded: 100,
    rolledBack: 1,
    p50Ms: 500,
    p95Ms: 950,
  });
  expect(summary({ operations: [took(70)] }).onboardings).toMatchObject({ p50Ms: 70, p95Ms: 70 });
});

test('other kinds are counted by themselves, and not as onboardings', () => {
  const suspension = { ...took(20), kind: 'suspend' as const };
  const fleet = summary({ operations: [took(70), suspension, { ...suspension, status: 'running' }] });
  expect(fleet.onboardings).toMatchObject({ succeeded: 1, running: 0, p50Ms: 70 });
  expect(fleet.operations).toMatchObject([
    { kind: 'onboard', succeeded: 1 },
    { kind: 'suspend', succeeded: 1, running: 1, p50Ms: 20 },
  ]);
});

test('without a success there is no percentile', () => {
  expect(summary({ operations: [failed('provision')] }).onboardings).not.toHaveProperty('p50Ms');
});

test('failures are told by step and error, the most frequent first; also of what is rolled back just now', () => {
  const operations = [
    failed('activate'),
    failed('provision', 'no_capacity'),
    { ...failed('provision', 'no_capacity'), status: 'running' as const },
  ];
  expect(summary({ operations }).onboardings).toMatchObject({
    running: 1,
    rolledBack: 2,
    failures: [
      { step: 'provision', code: 'no_capacity', count: 2 },
      { step: 'activate', code: 'internal', count: 1 },
    ],
  });
});
