import type { AuditHead } from '#core/audit/audit-chain.ts';
import type { AuditDraft, Cause, Change, Write } from '#core/change.ts';
import { AppError } from '#core/contract/api/errors.ts';
import { operationKinds, type StepName } from '#core/operation/kinds.ts';
import {
  completeStep,
  isBeingUndone,
  isKnownKind,
  type OperationRecord,
  recountAttempts,
  stepOf,
} from '#core/operation/operation.ts';
import { putOperation } from '#core/operation/writes.ts';
import type { TenantRecord } from '#core/tenant/tenant-record.ts';
import { type Deps, deps } from '#functions/deps.ts';
import { type TaskInput, task } from '#functions/shell/task.ts';
import type { Log } from '#functions/shell/telemetry.ts';
import { commit } from '#stores/registry/commit.ts';
import { readTenantOperation } from '#stores/registry/operations.ts';

type Compensation = () => Promise<void>;

/** What a step knows: the records as they were read, and what it may do while it works. */
export interface StepContext {
  tenant: TenantRecord;
  operation: OperationRecord;
  /** The head of the tenant's audit stream as it was read with the records; every tenant has one. */
  head: AuditHead | undefined;
  deps: Deps;
  log: Log;
  /** Commits what must be recorded before the work goes on. */
  commitNow: (change: Omit<Change, 'cause'>) => Promise<void>;
  /** Registers a compensation to run if a roll-back overtook this step. */
  onSuperseded: (compensation: Compensation) => void;
}

/** What a step did: the operation where it changed on the way, and what is written as the step is marked done. */
export interface StepResult {
  operation?: OperationRecord;
  writes?: readonly Write[];
  audit: readonly Omit<AuditDraft, 'operationId'>[];
}

/**
 * One step of an operation on a tenant: does its work unless it was done before, and marks it done in the same
 * transaction as its audit events. A step that was overtaken by a roll-back leaves nothing behind.
 */
export const tenantStep = (name: StepName, work: (context: StepContext) => Promise<StepResult>) =>
  task(name, async (input, log) => {
    const tenantId = tenantIdOf(input);
    const { tenant, operation, ...read } = await readTenantOperation(tenantId, input.operationId);
    if (stepOf(operation, name)?.status === 'succeeded') return recountRepeat(name, operation, input);
    if (!isUnderWay(operation, tenant)) throw ended(name, operation, tenant);
    const cause = causeOf(name, input);
    let { head } = read;
    const commitNow = async (change: Omit<Change, 'cause'>) => {
      head = await commit({ ...change, cause }, head);
    };
    let compensation: Compensation | undefined;
    const onSuperseded = (undo: Compensation) => {
      compensation = undo;
    };
    try {
      const result = await work({ tenant, operation, head, deps, log, commitNow, onSuperseded });
      const reached = result.operation ?? operation;
      await commitNow({
        stream: tenantId,
        writes: [
          ...putOperation(reached, completeStep(reached, name, input.attempt + 1, deps.now())),
          ...(result.writes ?? []),
        ],
        audit: result.audit.map((draft) => ({ ...draft, operationId: operation.id })),
      });
    } catch (error) {
      if (compensation && (await isSuperseded(name, input))) {
        log.warn(`${name} ended after the roll-back of its operation; what it made is undone`);
        await compensation();
      }
      throw retryIfOutdated(error);
    }
  });

/** Whether steps of the operation may run: it is running, nothing undoes it, and its tenant is where it should be. */
const isUnderWay = (operation: OperationRecord, tenant: TenantRecord) => {
  if (!isKnownKind(operation) || operation.status !== 'running' || isBeingUndone(operation)) return false;
  const kind = operationKinds[operation.kind];
  return kind.subject === 'tenant' && kind.tenant.during.includes(tenant.status);
};

const ended = (name: string, { id, kind, status, failure }: OperationRecord, tenant: TenantRecord) =>
  new AppError(
    'operation_ended',
    `${name} is not run: operation ${id} (${kind}) is ${failure ? 'being rolled back' : status}, its tenant ${tenant.status}.`,
  );

/** The tenant was edited while the step worked: the step is tried again, with the record as it is then. */
const retryIfOutdated = (error: unknown) =>
  error instanceof AppError && error.code === 'version_conflict'
    ? new AppError('dependency_unavailable', 'The tenant changed while the step was working.', { cause: error })
    : error;

/** A twin of this call may have done the step, or a newer operation may own what is there: both are left alone. */
const isSuperseded = async (name: StepName, input: TaskInput) => {
  const { tenant, operation } = await readTenantOperation(tenantIdOf(input), input.operationId);
  return stepOf(operation, name)?.status !== 'succeeded' && !isUnderWay(operation, tenant);
};

/** The function of a step acts as a service, on the request that started the operation. */
export const causeOf = (name: string, { requestId }: Pick<TaskInput, 'requestId'>): Cause => ({
  actor: { type: 'service', id: name },
  requestId,
  source: {},
});

/** Throws `internal` where the workflow was started for another subject than a tenant. */
export const tenantIdOf = ({ subject, operationId }: TaskInput): string => {
  if (subject.type !== 'tenant') throw new AppError('internal', `Operation ${operationId} is about a ${subject.type}.`);
  return subject.id;
};

const recountRepeat = async (name: StepName, operation: OperationRecord, input: TaskInput) => {
  const attempts = input.attempt + 1;
  if ((stepOf(operation, name)?.attempts ?? 0) >= attempts || operation.endedAt !== undefined) return;
  const writes = putOperation(operation, recountAttempts(operation, name, attempts));
  await commit({ stream: tenantIdOf(input), cause: causeOf(name, input), writes, audit: [] });
};
