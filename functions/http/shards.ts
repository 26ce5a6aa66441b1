import type { Cause } from '#core/change.ts';
import { AppError } from '#core/contract/api/errors.ts';
import type { ShardRegistration } from '#core/contract/model/shard.ts';
import { registerShard, updateShard } from '#core/shards/shard-record.ts';
import { deps } from '#functions/deps.ts';
import { http } from '#functions/shell/http.ts';
import { commit } from '#stores/registry/commit.ts';
import { listShards, readServedRanges, readShard, readShards } from '#stores/registry/shards.ts';
import { prepareShard } from '#stores/tenant-database.ts';
import { versionMatching } from './preconditions.ts';

export const handler = http('shards-api', {
  listShards: async ({ query }) => ({ body: await listShards(query.class, query.limit, query.cursor) }),

  createShard: async ({ body, cause }) => {
    await judged(body);
    await prepareShard(body);
    const shard = await added(body, cause);
    return { body: shard, headers: { location: `/v1/shards/${shard.shardId}` } };
  },

  updateShard: async ({ params, headers, body, cause }) => {
    const read = versionMatching(headers, await readShard(params['shard'] ?? ''));
    const { shard, ...change } = updateShard(read, body, deps.now());
    await commit({ ...change, cause });
    return { body: shard };
  },
});

/** What adding the shard would change; throws where it may not be. */
const judged = async (request: ShardRegistration) =>
  registerShard({
    request,
    known: await readShards(),
    ranges: await readServedRanges(request.region),
    now: deps.now(),
  });

/** More than a person or a script adds at once. */
const maxTries = 10;

/** Where another shard was added meanwhile, it is judged again: only a range or a name that is taken refuses it. */
const added = async (request: ShardRegistration, cause: Cause) => {
  for (let attempt = 1; ; attempt += 1) {
    const { shard, ...change } = await judged(request);
    try {
      await commit({ ...change, cause });
      return shard;
    } catch (error) {
      const isLost = error instanceof AppError && error.code === 'version_conflict';
      if (!isLost || attempt === maxTries) throw error;
    }
  }
};
