import { setTimeout as delay } from 'node:timers/promises';
import type { ScheduledEvent } from 'aws-lambda';
import { onSchedule } from '#functions/shell/schedule.ts';
import type { Log } from '#functions/shell/telemetry.ts';
import { readShards } from '#stores/registry/shards.ts';
import { guardLocks } from '#stores/tenant-database.ts';

/** Polled every 250 ms with 1 s of patience, a tenant's lock delayed the others by 1.1–1.2 s when measured. */
const pollMs = 250;
const patienceSeconds = 1;
const maxTransactionSeconds = 300;
/** The schedule calls once a minute; the next call takes over. */
const watchMs = 58_000;

/** Ends sessions that block another tenant or the control plane, on every shard that has tenants. */
export const watchLocks = async (_event: ScheduledEvent, log: Log): Promise<void> => {
  const until = performance.now() + watchMs;
  const shards = (await readShards()).filter(({ count }) => count > 0);
  while (shards.length > 0 && performance.now() < until) {
    for (const { shardId } of shards) {
      const ended = await guardLocks(shardId, { patienceSeconds, maxTransactionSeconds });
      for (const session of ended) log.warn('a session that blocked others was ended', { shardId, ...session });
    }
    await delay(pollMs);
  }
};

export const handler = onSchedule('guard-locks', watchLocks);
