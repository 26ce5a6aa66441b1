import type { Item } from '#core/change.ts';
import { isClosed, type Tenant, type TenantStatus } from '#core/contract/model/tenant.ts';
import type { User } from '#core/contract/model/user.ts';
import { keys } from '#core/keys.ts';
import { assertTransition, transitions } from './transitions.ts';

/** The tenant as it is kept: who onboarded it, and the flags asked for, stay inside. */
export type TenantRecord = Tenant & { onboardedBy: string; requestedFlags: Record<string, string> };

export const tenantItem = (tenant: TenantRecord): Item => ({
  ...keys.tenant(tenant.tenantId),
  ...tenant,
  entity: 'TENANT',
  itemId: tenant.tenantId,
  statusKey: `TENANT#${tenant.status}`,
  ...(tenant.placement && { shardKey: `SHARD#${tenant.placement.shardId}` }),
});

/** The record in a stored item: without its keys. */
const withoutKeys = ({ pk: _pk, sk: _sk, entity: _e, itemId: _i, statusKey: _st, shardKey: _sh, ...record }: Item) =>
  record as unknown;
export const tenantOf = (item: Item) => withoutKeys(item) as TenantRecord;
export const userOf = (item: Item) => withoutKeys(item) as User;

/**
 * Moves the tenant to a state the transition table allows, as its next version. With the first closed state, the tokens
 * of its users that were issued before are good no more, also after it is active again.
 */
export const moveTenant = (
  tenant: TenantRecord,
  status: TenantStatus,
  now: string,
  fields: Partial<TenantRecord> = {},
  table = transitions,
): TenantRecord => {
  assertTransition(tenant.status, status, table);
  const withdrawn = isClosed(status) && !isClosed(tenant.status) ? { tokensValidFrom: now } : {};
  return { ...tenant, ...fields, ...withdrawn, status, version: tenant.version + 1, updatedAt: now };
};

/** The tenant as callers see it. */
export const publicTenant = ({ onboardedBy: _by, requestedFlags: _flags, ...tenant }: TenantRecord): Tenant => tenant;
