import { withSession } from './connection.ts';
import type { ShardDatabase } from './database.ts';

export interface GuardLimits {
  /** How long a tenant may block another tenant or the control plane. */
  readonly patienceSeconds: number;
  /** The longest a tenant's transaction may last: it keeps vacuum from cleaning up for all tenants. */
  readonly maxTransactionSeconds: number;
}

/** A session the guard ended: `waiter` is the role it blocked, absent if its transaction was too old. */
export interface EndedSession {
  readonly blocker: string;
  readonly waiter?: string;
}

/** A superuser counts as a member of every role, and so does the creator of a role: the control plane must not end itself. */
const isTenant = `pg_has_role(h.usesysid, 'tenantry_tenant', 'member')
   and not pg_has_role(h.usesysid, 'tenantry_admin', 'member')`;

const blockers = `
select pg_terminate_backend(h.pid), h.usename as blocker, w.usename as waiter
  from pg_locks l
  join pg_stat_activity w using (pid)
 cross join unnest(pg_blocking_pids(l.pid)) b (blocking)
  join pg_stat_activity h on h.pid = blocking
 where not l.granted and l.waitstart < now() - make_interval(secs => $1)
   and ${isTenant}
   and h.usename <> w.usename and h.wait_event_type is distinct from 'Lock'`;

const oldTransactions = `
select pg_terminate_backend(h.pid), h.usename as blocker
  from pg_stat_activity h
 where h.xact_start < now() - make_interval(secs => $1) and ${isTenant}`;

/** One round of the guard, run every 250 ms: ends sessions that block others for too long, and transactions that are too old. */
export const guardLocks = (shard: ShardDatabase, limits: GuardLimits): Promise<EndedSession[]> =>
  withSession(shard.endpoint, shard.admin, async (client) => {
    const blocking = await client.query<{ blocker: string; waiter: string }>(blockers, [limits.patienceSeconds]);
    const old = await client.query<{ blocker: string }>(oldTransactions, [limits.maxTransactionSeconds]);
    return [
      ...blocking.rows.map(({ blocker, waiter }) => ({ blocker, waiter })),
      ...old.rows.map(({ blocker }) => ({ blocker })),
    ];
  });
