import { readShard } from '#stores/registry/shards.ts';
import { readShardSecret } from '#stores/secrets/database-secrets.ts';
import type { ShardDatabase } from './database.ts';

/** Rotated logins are picked up within this time. */
const keptMs = 60_000;
const known = new Map<string, { shard: Promise<ShardDatabase>; until: number }>();

/** The shard with the control plane's own logins, kept for a minute: every step of every tenant needs it. */
export const openShard = (shardId: string): Promise<ShardDatabase> => {
  const kept = known.get(shardId);
  if (kept && kept.until > Date.now()) return kept.shard;
  const shard = connectable(shardId);
  known.set(shardId, { shard, until: Date.now() + keptMs });
  shard.catch(() => known.delete(shardId));
  return shard;
};

const connectable = async (shardId: string): Promise<ShardDatabase> => {
  const [{ endpoint }, admin, migrator] = await Promise.all([
    readShard(shardId),
    readShardSecret(shardId, 'admin'),
    readShardSecret(shardId, 'migrator'),
  ]);
  return {
    endpoint,
    admin: { user: admin.username, password: admin.password },
    migrator: { user: migrator.username, password: migrator.password },
  };
};
