import type { AuditDraft, Change, Key, Write } from '#core/change.ts';
import { AppError, errorCodeOf } from '#core/contract/api/errors.ts';
import { onboardingSteps, type Step } from '#core/contract/model/operation.ts';
import type { Failure } from '#core/contract/model/tenant.ts';
import { keys } from '#core/keys.ts';
import { deleteSecretRecord } from '#core/secrets/secret-record.ts';
import {
  moveTenant,
  type OperationRecord,
  type Resource,
  type ResourceKind,
  resourceKinds,
  type TenantFile,
  type TenantRecord,
} from '#core/tenant/tenant-record.ts';
import { deleteResource, putOperation, putTenant } from '#core/tenant/writes.ts';
import { deleteUser } from '#core/user/user-writes.ts';
import { isOnboarding, stepOf } from './steps.ts';

/** How an execution ended, as the workflow service tells it: which state, which error, how often it was tried. */
export interface ExecutionFault {
  step: string | undefined;
  error: string;
  message: string;
  attempts: number;
}

type Decided = Omit<Change, 'cause'>;

/** The ledger entries of one operation: what others made is not its to undo. */
const resourcesOf = (operation: Pick<OperationRecord, 'id'>, resources: readonly Resource[]) =>
  resources.filter(({ operationId }) => operationId === operation.id);

/** What the operation made, last first: the order in which to undo it. */
export const rollBackPlan = (operation: Pick<OperationRecord, 'id'>, resources: readonly Resource[]): ResourceKind[] =>
  resourcesOf(operation, resources)
    .map(({ kind }) => kind)
    .toSorted((a, b) => resourceKinds.indexOf(b) - resourceKinds.indexOf(a));

/** The failure as the record keeps it; a fault before any step is told of the first step not yet done. */
const failureOf = (operation: OperationRecord, fault: ExecutionFault): Failure => {
  const step = fault.step ?? operation.steps.find(({ status }) => status !== 'succeeded')?.name ?? onboardingSteps[0];
  return { step, code: errorCodeOf(fault.error), message: fault.message };
};

/** Records the failure and that its roll-back begins; after it no step of the operation can be recorded. */
export const beginRollBack = (
  tenant: TenantRecord,
  operation: OperationRecord,
  fault: ExecutionFault,
  now: string,
): Decided => {
  const failure = failureOf(operation, fault);
  const error = { code: failure.code, message: failure.message };
  const steps = operation.steps.map((step): Step => {
    if (step.name === failure.step) {
      return { ...step, status: 'failed', attempts: Math.max(fault.attempts, step.attempts), endedAt: now, error };
    }
    // A step handed on to but never called: the one before it failed after taking effect.
    return step.status === 'running' ? pendingAgain(step) : step;
  });
  return {
    stream: tenant.tenantId,
    writes: [
      putOperation(operation, { ...operation, steps, failure }),
      putTenant(tenant, moveTenant(tenant, 'rolling-back', now, { failure })),
    ],
    audit: [
      { ...about(tenant, operation), action: 'tenant.onboarding.failed', after: { failure }, reason: failure.message },
    ],
  };
};

const pendingAgain = ({ startedAt: _started, ...step }: Step): Step => ({ ...step, status: 'pending' });

/** Takes up a roll-back that failed before. */
export const resumeRollBack = (tenant: TenantRecord, operation: OperationRecord, now: string): Decided => ({
  stream: tenant.tenantId,
  writes: [
    putOperation(operation, { ...operation, status: 'running' }),
    putTenant(tenant, moveTenant(tenant, 'rolling-back', now)),
  ],
  audit: [{ ...about(tenant, operation), action: 'tenant.rollback.resumed' }],
});

/** Everything is undone: the ledger is emptied, the slug and the place are free, the record says why. */
export const endRollBack = (
  { tenant, users, ...file }: TenantFile,
  operation: OperationRecord,
  overrides: readonly Key[],
  now: string,
): Decided => {
  const resources = resourcesOf(operation, file.resources);
  const steps = operation.steps.map((step): Step => {
    if (step.status === 'succeeded') return { ...step, status: 'undone' };
    return step.status === 'pending' ? { ...step, status: 'skipped' } : step;
  });
  const { placement: _placement, ...unplaced } = moveTenant(tenant, 'failed', now);
  const hadSecret = resources.some(({ kind }) => kind === 'secret');
  const secretDeleted: AuditDraft[] = hadSecret ? [{ ...about(tenant, operation), action: 'secret.deleted' }] : [];
  return {
    stream: tenant.tenantId,
    writes: [
      putOperation(operation, { ...operation, status: 'rolled-back', steps, endedAt: now }),
      putTenant(tenant, unplaced),
      releaseSlug(tenant),
      ...resources.map(({ kind }) => deleteResource(tenant.tenantId, kind)),
      ...users.flatMap(({ userId }) => deleteUser(tenant.tenantId, userId)),
      { kind: 'delete', table: 'tenants', key: keys.users(tenant.tenantId) },
      ...overrides.map((key): Write => ({ kind: 'delete', table: 'flags', key })),
      ...(hadSecret ? [deleteSecretRecord(tenant.tenantId)] : []),
      ...releasePlace(tenant, resources),
    ],
    audit: [
      ...secretDeleted,
      {
        ...about(tenant, operation),
        action: 'tenant.rolled-back',
        after: { undone: rollBackPlan(operation, resources) },
      },
    ],
  };
};

/** The roll-back failed: the ledger keeps what is left, and the record does not claim otherwise. */
export const failRollBack = (
  tenant: TenantRecord,
  operation: OperationRecord,
  cause: { code: string; message: string },
  now: string,
): Decided => ({
  stream: tenant.tenantId,
  writes: [
    putOperation(operation, { ...operation, status: 'rollback-failed' }),
    putTenant(tenant, moveTenant(tenant, 'rollback-failed', now)),
  ],
  audit: [{ ...about(tenant, operation), action: 'tenant.rollback.failed', after: cause, reason: cause.message }],
});

/**
 * Only a running onboarding may be rolled back: what has ended stays, other operations undo nothing, and an active
 * tenant falls only with the onboarding that activated it. Throws `operation_ended`.
 */
export const assertUndoable = (tenant: TenantRecord, operation: OperationRecord) => {
  const refuse = (reason: string) => {
    throw new AppError('operation_ended', `Operation ${operation.id} of ${tenant.tenantId} ${reason}.`);
  };
  if (!isOnboarding(operation)) refuse(`is not an onboarding but "${operation.kind}"; it is not rolled back`);
  if (operation.status !== 'running') refuse(`is ${operation.status}`);
  if (tenant.status === 'active' && stepOf(operation, 'activate')?.status !== 'succeeded') {
    refuse('did not activate the tenant; it is not rolled back');
  }
};

const about = (tenant: TenantRecord, operation: OperationRecord) => ({
  target: { type: 'tenant', id: tenant.tenantId },
  operationId: operation.id,
});

const releaseSlug = ({ slug, tenantId }: TenantRecord): Write => ({
  kind: 'put',
  table: 'tenants',
  item: { ...keys.slug(slug), tenantId, released: true },
  guard: {
    condition: { equals: { tenantId } },
    otherwise: { code: 'version_conflict', message: `The slug "${slug}" is no longer this tenant's.` },
  },
});

const releasePlace = ({ placement }: TenantRecord, resources: readonly Resource[]): Write[] => {
  if (!placement || !resources.some(({ kind }) => kind === 'placement')) return [];
  return [
    {
      kind: 'update',
      table: 'tenants',
      key: keys.shard(placement.shardId),
      add: { count: -1 },
      guard: {
        condition: { equals: { shardId: placement.shardId } },
        otherwise: { code: 'internal', message: `Shard ${placement.shardId} is not in the catalogue.` },
      },
    },
  ];
};
