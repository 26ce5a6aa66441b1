import { apiClient } from '#core/contract/api/client.ts';
import type { System } from './system.ts';

/** Adds the clusters that a new local run begins with as an operator would: through the API. Gives all shards' ids. */
export const addInitialShards = async ({ url, tokens, clusters }: System): Promise<string[]> => {
  const token = await tokens.issue({ role: 'platform-admin', minutes: 5 });
  const api = apiClient({ url, token, fetch });
  const known = (await api.call('listShards', { query: { limit: 200 } })).body.items.map(({ shardId }) => shardId);
  const missing = clusters.registrations().filter(({ shardId }) => !known.includes(shardId));
  await Promise.all(missing.map((body) => api.call('createShard', { body })));
  return [...known, ...missing.map(({ shardId }) => shardId)].toSorted();
};
