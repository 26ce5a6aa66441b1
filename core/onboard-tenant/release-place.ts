import type { Write } from '#core/change.ts';
import { keys } from '#core/keys.ts';

/** Gives a tenant's place on a shard to others. */
export const releasePlace = (shardId: string): Write => ({
  kind: 'update',
  table: 'tenants',
  key: keys.shard(shardId),
  add: { count: -1 },
  guard: {
    condition: { equals: { shardId } },
    otherwise: { code: 'internal', message: `Shard ${shardId} is not in the catalogue.` },
  },
});
