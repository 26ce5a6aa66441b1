import { defineConfig } from '#core/contract/tiers.ts';

/** What this company sells and where: change it here, nowhere else. */
export const config = defineConfig({
  tiers: {
    starter: { isolation: 'pool', description: 'Shared tables of a shared shard', rotation: { days: 30 } },
    growth: { isolation: 'bridge', description: 'A schema of its own in a shared shard', rotation: { days: 30 } },
    enterprise: { isolation: 'silo', description: 'A database cluster of its own', rotation: { days: 7 } },
  },
  regions: ['us-east-1'],
  webOrigins: [],
  schema: 'examples/helpdesk/schema',
});
