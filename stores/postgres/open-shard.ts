import { AppError } from '#core/contract/api/errors.ts';
import type { DatabaseSecret } from '#core/contract/model/secret.ts';
import type { Shard } from '#core/contract/model/shard.ts';
import { shardSecretName } from '#core/contract/platform/names.ts';
import { TtlCache } from '#stores/aws/ttl-cache.ts';
import { readShard } from '#stores/registry/shards.ts';
import { createMigratorSecretIfAbsent, readShardSecret } from '#stores/secrets/database-secrets.ts';
import type { ShardDatabase, ShardLogin } from './database.ts';

/** Rotated logins take effect within this time. */
const shards = new TtlCache<ShardDatabase>({ ttlMs: 60_000, maxKeys: 1_000 });

/** The shard with the control plane's own logins, cached for a minute: every step of every tenant needs it. */
export const openShard = (shardId: string): Promise<ShardDatabase> => shards.get(shardId, () => connectable(shardId));

const connectable = async (shardId: string): Promise<ShardDatabase> => {
  const [{ endpoint }, admin, migrator] = await Promise.all([
    readShard(shardId),
    readShardSecret(shardId, 'admin'),
    readShardSecret(shardId, 'migrator'),
  ]);
  return { endpoint, admin: loginOf(admin), migrator: loginOf(migrator) };
};

const loginOf = ({ username, password }: DatabaseSecret): ShardLogin => ({ user: username, password });

/** A shard that is not in the catalogue yet: its operator has stored the admin's login; this stores the migrator's. */
export const openNewShard = async ({
  shardId,
  endpoint,
}: Pick<Shard, 'shardId' | 'endpoint'>): Promise<ShardDatabase> => {
  const admin = await adminLogin(shardId);
  const migrator = await createMigratorSecretIfAbsent(shardId);
  return { endpoint, admin: loginOf(admin), migrator: loginOf(migrator) };
};

const adminLogin = async (shardId: string) => {
  try {
    return await readShardSecret(shardId, 'admin');
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ResourceNotFoundException')) throw error;
    const message = `Put the cluster's admin login {"username","password"} in Secrets Manager as ${shardSecretName(shardId, 'admin')} first.`;
    throw new AppError('invalid_request', message, { cause: error });
  }
};
