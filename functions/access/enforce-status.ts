import { isClosed } from '#core/contract/model/tenant.ts';
import { type ItemChange, onItemChanges } from '#functions/shell/stream.ts';
import type { Log } from '#functions/shell/telemetry.ts';
import { openShard } from '#stores/postgres/open-shard.ts';
import { disableTenantRole, enableTenantRole } from '#stores/postgres/roles.ts';
import { findTenant } from '#stores/registry/tenants.ts';

/**
 * Lets a tenant's status reach its database: the role of one that is suspended or being offboarded may not log in and
 * its sessions end; one that is active again may. It goes by the record as it is now, not by the change that woke it.
 */
export const enforceStatus = async (changes: ItemChange[], log: Log): Promise<void> => {
  const tenantIds = new Set(changes.flatMap(({ item }) => (item ? [String(item['tenantId'])] : [])));
  const results = await Promise.allSettled([...tenantIds].map((tenantId) => enforce(tenantId, log)));
  // Each is tried before one that fails is told of: a shard that does not answer keeps nobody of another in service.
  for (const result of results) if (result.status === 'rejected') throw result.reason;
};

const enforce = async (tenantId: string, log: Log) => {
  const tenant = await findTenant(tenantId);
  if (!tenant?.placement) return;
  const shard = await openShard(tenant.placement.shardId);
  if (isClosed(tenant.status)) await disableTenantRole(shard, tenantId);
  else if (tenant.status === 'active') await enableTenantRole(shard, tenantId);
  log.info('the database role follows the status of its tenant', { tenantId, status: tenant.status });
};

export const handler = onItemChanges('enforce-status', enforceStatus);
