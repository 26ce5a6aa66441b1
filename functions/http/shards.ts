import type { Cause } from '#core/change.ts';
import type { ShardRegistration } from '#core/contract/model/shard.ts';
import { registerShard, updateShard } from '#core/shards/shard-record.ts';
import { deps } from '#functions/deps.ts';
import { http } from '#functions/shell/http.ts';
import { commit, isOutdated } from '#stores/registry/commit.ts';
import { listShards, readServedRanges, readShard, readShards } from '#stores/registry/shards.ts';
import { retryOnConflict } from '#stores/retry-on-conflict.ts';
import { prepareShard } from '#stores/tenant-database.ts';
import { versionMatching } from './preconditions.ts';

export const handler = http('shards-api', {
  listShards: async ({ query }) => ({ body: await listShards(query.class, query.limit, query.cursor) }),

  createShard: async ({ body, cause }) => {
    await validated(body);
    await prepareShard(body);
    const shard = await register(body, cause);
    return { body: shard, headers: { location: `/v1/shards/${shard.shardId}` } };
  },

  updateShard: async ({ params, headers, body, cause }) => {
    const read = versionMatching(headers, await readShard(params['shard'] ?? ''));
    const { shard, ...change } = updateShard(read, body, deps.now());
    await commit({ ...change, cause });
    return { body: shard };
  },
});

/** The change that adds the shard; throws if the catalogue does not allow it. */
const validated = async (request: ShardRegistration) =>
  registerShard({
    request,
    known: await readShards(),
    ranges: await readServedRanges(request.region),
    now: deps.now(),
  });

/** Validates again if another shard was added meanwhile: only a taken range or name refuses the request. */
const register = (request: ShardRegistration, cause: Cause) =>
  retryOnConflict({ isConflict: isOutdated }, async () => {
    const { shard, ...change } = await validated(request);
    await commit({ ...change, cause });
    return shard;
  });
