import type { Item } from '#core/change.ts';
import { isClosed, type Tenant, type TenantStatus } from '#core/contract/model/tenant.ts';
import type { User } from '#core/contract/model/user.ts';
import { keys, recordOf } from '#core/keys.ts';
import { assertTransition, transitions } from './transitions.ts';

/** The tenant as stored, with internal fields: who onboarded it, and the requested flags. */
export type TenantRecord = Tenant & { onboardedBy: string; requestedFlags: Record<string, string> };

export const tenantItem = (tenant: TenantRecord): Item => ({
  ...keys.tenant(tenant.tenantId),
  ...tenant,
  entity: 'TENANT',
  itemId: tenant.tenantId,
  statusKey: `TENANT#${tenant.status}`,
  ...(tenant.placement && { shardKey: `SHARD#${tenant.placement.shardId}` }),
});

export const tenantOf = (item: Item) => recordOf(item) as TenantRecord;
export const userOf = (item: Item) => recordOf(item) as User;

/**
 * Moves the tenant to a state that the transition table allows, as its next version. Entering a closed state revokes
 * all tokens issued to its users until then, for good.
 */
export const moveTenant = (
  tenant: TenantRecord,
  status: TenantStatus,
  now: string,
  fields: Partial<TenantRecord> = {},
  table = transitions,
): TenantRecord => {
  assertTransition(tenant.status, status, table);
  const revoked = isClosed(status) && !isClosed(tenant.status) ? { tokensValidFrom: now } : {};
  return { ...tenant, ...fields, ...revoked, status, version: tenant.version + 1, updatedAt: now };
};

/** The tenant as callers see it. */
export const publicTenant = ({ onboardedBy: _by, requestedFlags: _flags, ...tenant }: TenantRecord): Tenant => tenant;
