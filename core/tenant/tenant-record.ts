import type { Item } from '#core/change.ts';
import type { Operation } from '#core/contract/model/operation.ts';
import { isClosed, type Tenant, type TenantStatus } from '#core/contract/model/tenant.ts';
import type { User } from '#core/contract/model/user.ts';
import { keys } from '#core/keys.ts';
import { assertTransition } from './transitions.ts';

/** The tenant as stored, with internal fields: who onboarded it, and the requested flags. */
export type TenantRecord = Tenant & { onboardedBy: string; requestedFlags: Record<string, string> };
export type OperationRecord = Operation & { version: number; requestId: string };

/** A ledger entry: a resource created for a tenant, recorded before it is created and removed after it is undone. */
export interface Resource {
  kind: ResourceKind;
  operationId: string;
  createdAt: string;
}

/** In order of creation; a roll-back undoes them in reverse. */
export const resourceKinds = ['placement', 'secret', 'role', 'namespace', 'rows', 'overrides', 'user'] as const;
export type ResourceKind = (typeof resourceKinds)[number];

/** A tenant with its operations, ledger and users. */
export interface TenantFile {
  tenant: TenantRecord;
  operations: readonly OperationRecord[];
  resources: readonly Resource[];
  users: readonly User[];
}

export const tenantItem = (tenant: TenantRecord): Item => ({
  ...keys.tenant(tenant.tenantId),
  ...tenant,
  entity: 'TENANT',
  itemId: tenant.tenantId,
  statusKey: `TENANT#${tenant.status}`,
  ...(tenant.placement && { shardKey: `SHARD#${tenant.placement.shardId}` }),
});

/** Open operations have a status key, so that the reconciler finds them without a scan. */
export const operationItem = (operation: OperationRecord): Item => ({
  ...keys.operation(operation.tenantId, operation.id),
  ...operation,
  entity: 'OPERATION',
  itemId: operation.id,
  ...(isOpen(operation) && { statusKey: `OPERATION#${operation.status}` }),
});

/** A stored item without its keys. */
const withoutKeys = ({ pk: _pk, sk: _sk, entity: _e, itemId: _i, statusKey: _st, shardKey: _sh, ...record }: Item) =>
  record as unknown;
export const tenantOf = (item: Item) => withoutKeys(item) as TenantRecord;
export const operationOf = (item: Item) => withoutKeys(item) as OperationRecord;
export const userOf = (item: Item) => withoutKeys(item) as User;
export const resourceOf = (item: Item) => withoutKeys(item) as Resource;

const isOpen = ({ status }: Operation) => status === 'running' || status === 'rollback-failed';

/**
 * Moves the tenant to a state that the transition table allows, as its next version. Entering a closed state revokes
 * all tokens issued to its users until then, for good.
 */
export const moveTenant = (
  tenant: TenantRecord,
  status: TenantStatus,
  now: string,
  fields: Partial<TenantRecord> = {},
): TenantRecord => {
  assertTransition(tenant.status, status);
  const revoked = isClosed(status) && !isClosed(tenant.status) ? { tokensValidFrom: now } : {};
  return { ...tenant, ...fields, ...revoked, status, version: tenant.version + 1, updatedAt: now };
};

/** The tenant as callers see it. */
export const publicTenant = ({ onboardedBy: _by, requestedFlags: _flags, ...tenant }: TenantRecord): Tenant => tenant;
/** The operation as callers see it. */
export const publicOperation = ({ version: _v, requestId: _r, ...operation }: OperationRecord): Operation => operation;
