import { expect, test } from 'vitest';
import { defineConfig } from '#core/contract/model/tiers.ts';

const limits = { requestsPerSecond: 50, burst: 100 };
const configWith = (rotation?: { days: number }) => ({
  tiers: { starter: { isolation: 'pool' as const, description: '', limits, ...(rotation && { rotation }) } },
  regions: ['us-east-1'],
  limits,
  webOrigins: [],
  schema: 'schema',
});

test('secrets are rotated every 30 days by default', () => {
  expect(defineConfig(configWith()).tiers['starter']?.rotation).toEqual({ days: 30 });
  expect(defineConfig(configWith({ days: 7 })).tiers['starter']?.rotation).toEqual({ days: 7 });
});

test.for([0, -1, 1.5, 1001])('%s days between rotations are rejected, as by Secrets Manager', (days) => {
  expect(() => defineConfig(configWith({ days }))).toThrow();
});
