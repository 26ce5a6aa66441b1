import type { AuditDraft, Change, Write } from '#core/change.ts';
import { AppError } from '#core/contract/api/errors.ts';
import type { Step } from '#core/contract/model/operation.ts';
import { afterOnboarding } from '#core/onboard-tenant/after-roll-back.ts';
import { moveTenant, type TenantRecord } from '#core/tenant/tenant-record.ts';
import { undoTransitions } from '#core/tenant/transitions.ts';
import { putTenant } from '#core/tenant/writes.ts';
import { type OperationKind, type OperationKindSpec, operationKinds } from './kinds.ts';
import { checkLease } from './lease.ts';
import { isKnownKind, isUndoable, type OperationRecord } from './operation.ts';
import type { RollBackEnd } from './roll-back-end.ts';
import { type ExecutionFault, failedSteps, failureOf } from './settle.ts';
import { putOperation } from './writes.ts';

type Decided = Omit<Change, 'cause'>;

const ordinaryEnd: RollBackEnd = {
  failed: 'operation.failed',
  undone: 'operation.rolled-back',
  release: (tenant) => ({ tenant, writes: [] }),
};

const ends: Partial<Record<OperationKind, RollBackEnd>> = { onboard: afterOnboarding };

const endOf = ({ kind }: OperationRecord) => ends[kind] ?? ordinaryEnd;

const specOf = ({ kind }: OperationRecord): OperationKindSpec => operationKinds[kind];

/** The tenant's states that a roll-back goes through; absent where it leaves the tenant as it is. */
const undoOf = (operation: OperationRecord) => {
  const spec = specOf(operation);
  return spec.onFailure === 'undo' ? spec.undo : undefined;
};

const moveIf = (tenant: TenantRecord, status: TenantRecord['status'] | undefined, now: string): TenantRecord =>
  status === undefined || status === tenant.status ? tenant : moveTenant(tenant, status, now, {}, undoTransitions);

const putIfChanged = (read: TenantRecord, next: TenantRecord, now: string): Write[] => {
  if (next === read) return [];
  return [putTenant(read, { ...next, version: read.version + 1, updatedAt: now })];
};

/**
 * Throws `operation_ended` unless this operation may be rolled back now: its kind is one that is undone, it is running,
 * and its tenant is in a state that this operation, and no other, has brought it to.
 */
export const assertUndoable = (tenant: TenantRecord, operation: OperationRecord) => {
  const refusal = (reason: string) =>
    new AppError('operation_ended', `Operation ${operation.id} of ${tenant.tenantId} ${reason}.`);
  const spec = isKnownKind(operation) && isUndoable(operation) ? specOf(operation) : undefined;
  if (spec?.subject !== 'tenant') throw refusal(`is of the kind "${operation.kind}", which is not rolled back`);
  if (operation.status !== 'running') throw refusal(`is ${operation.status}`);
  const { during, to } = spec.tenant;
  const isUnderWay = during.includes(tenant.status);
  // Its last step took effect, and only then failed to answer.
  const isReached = tenant.status === to && operation.steps.at(-1)?.status === 'succeeded';
  if (!isUnderWay && !isReached) throw refusal(`did not make the tenant ${tenant.status}; it is not rolled back`);
};

/** Records the failure and that its roll-back begins; after it no step of the operation can be recorded. */
export const beginRollBack = (
  tenant: TenantRecord,
  operation: OperationRecord,
  fault: ExecutionFault,
  now: string,
): Decided => {
  const failure = failureOf(operation, fault);
  const steps = failedSteps(operation, failure, fault.attempts, now);
  const failed = undoOf(operation) ? { ...moveIf(tenant, undoOf(operation)?.during, now), failure } : tenant;
  return {
    stream: tenant.tenantId,
    writes: [
      ...putOperation(operation, { ...operation, steps, failure }),
      ...checkLease(operation),
      ...putIfChanged(tenant, failed, now),
    ],
    audit: [{ ...about(operation), action: endOf(operation).failed, after: { failure }, reason: failure.message }],
  };
};

/** Takes up a roll-back that failed before. */
export const resumeRollBack = (tenant: TenantRecord, operation: OperationRecord, now: string): Decided => ({
  stream: tenant.tenantId,
  writes: [
    ...putOperation(operation, { ...operation, status: 'running' }),
    ...putIfChanged(tenant, moveIf(tenant, undoOf(operation)?.during, now), now),
  ],
  audit: [{ ...about(operation), action: 'tenant.rollback.resumed' }],
});

/** What a roll-back has undone, and what of it must still be written: at its end, or before, where it is too much. */
export interface Undone {
  kinds: readonly string[];
  writes: readonly Write[];
  audit: readonly AuditDraft[];
}

/** Everything is undone: the record says why, and the next operation may begin. */
export const endRollBack = (
  tenant: TenantRecord,
  operation: OperationRecord,
  { kinds, writes, audit }: Undone,
  now: string,
): Decided => {
  const { failed, undone, release } = endOf(operation);
  const isDiscarded = specOf(operation).onFailure === 'discard';
  const steps = operation.steps.map((step): Step => {
    if (step.status === 'succeeded') return { ...step, status: 'undone' };
    return step.status === 'pending' ? { ...step, status: 'skipped' } : step;
  });
  const released = release(moveIf(tenant, undoOf(operation)?.to, now));
  return {
    stream: tenant.tenantId,
    writes: [
      ...putOperation(operation, { ...operation, status: isDiscarded ? 'failed' : 'rolled-back', steps, endedAt: now }),
      ...putIfChanged(tenant, released.tenant, now),
      ...released.writes,
      ...writes,
    ],
    audit: [
      ...audit.map((draft) => ({ ...draft, operationId: operation.id })),
      { ...about(operation), action: isDiscarded ? failed : undone, after: { undone: [...kinds] } },
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
    ...putOperation(operation, { ...operation, status: 'rollback-failed' }),
    ...putIfChanged(tenant, moveIf(tenant, undoOf(operation)?.failed, now), now),
  ],
  audit: [{ ...about(operation), action: 'tenant.rollback.failed', after: cause, reason: cause.message }],
});

const about = ({ id, subject }: OperationRecord) => ({ target: { ...subject }, operationId: id });
