import { isClosed } from '#core/contract/model/tenant.ts';
import { type ItemChange, onItemChanges } from '#functions/shell/stream.ts';
import type { Log } from '#functions/shell/telemetry.ts';
import { findTenant } from '#stores/registry/tenants.ts';
import { closeLogin, openLogin } from '#stores/tenant-database.ts';

/**
 * Carries a tenant's status on to its database: a tenant that is suspended or being offboarded may not log in and its
 * sessions end; one that is active again may. The record as it is now decides, not the change that triggered the call.
 */
export const enforceStatus = async (changes: ItemChange[], log: Log): Promise<void> => {
  const tenantIds = new Set(changes.flatMap(({ item }) => (item ? [String(item['tenantId'])] : [])));
  const results = await Promise.allSettled([...tenantIds].map((tenantId) => enforce(tenantId, log)));
  // Every tenant is tried before a failure is thrown: a shard that does not answer must not hold up those of another.
  for (const result of results) if (result.status === 'rejected') throw result.reason;
};

const enforce = async (tenantId: string, log: Log) => {
  const tenant = await findTenant(tenantId);
  if (!tenant?.placement) return;
  const placed = { tenantId, placement: tenant.placement };
  if (isClosed(tenant.status)) await closeLogin(placed);
  else if (tenant.status === 'active') await openLogin(placed);
  log.info('the database login follows the status of its tenant', { tenantId, status: tenant.status });
};

export const handler = onItemChanges('enforce-status', enforceStatus);
