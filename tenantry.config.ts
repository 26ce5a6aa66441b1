import { defineConfig } from '#core/contract/model/tiers.ts';

/** What this company sells and where: change it here, nowhere else. */
export const config = defineConfig({
  tiers: {
    starter: {
      isolation: 'pool',
      description: 'Shared tables of a shared shard',
      rotation: { days: 30 },
      limits: { requestsPerSecond: 50, burst: 100 },
    },
    growth: {
      isolation: 'bridge',
      description: 'A schema of its own in a shared shard',
      rotation: { days: 30 },
      limits: { requestsPerSecond: 200, burst: 400 },
    },
    enterprise: {
      isolation: 'silo',
      description: 'A database cluster of its own',
      rotation: { days: 7 },
      limits: { requestsPerSecond: 500, burst: 1_000 },
    },
  },
  regions: ['us-east-1'],
  limits: { requestsPerSecond: 2_000, burst: 4_000 },
  webOrigins: [],
  schema: 'examples/helpdesk/schema',
});
