import type { AuditHead } from '#core/audit/audit-chain.ts';
import type { AuditDraft, Cause, Change, Write } from '#core/change.ts';
import { AppError } from '#core/contract/api/errors.ts';
import type { OnboardingStep } from '#core/contract/model/operation.ts';
import { completeStep, recountAttempts, stepOf } from '#core/operation/steps.ts';
import type { OperationRecord, TenantFile, TenantRecord } from '#core/tenant/tenant-record.ts';
import { putOperation } from '#core/tenant/writes.ts';
import { type Deps, deps } from '#functions/deps.ts';
import { type TaskInput, task } from '#functions/shell/task.ts';
import type { Log } from '#functions/shell/telemetry.ts';
import { commit } from '#stores/registry/commit.ts';
import { readOperationRecords } from '#stores/registry/tenants.ts';

type Undo = () => Promise<void>;

/** What a step knows: the records as they were read, and what it may do besides its work. */
export interface StepContext {
  tenant: TenantRecord;
  operation: OperationRecord;
  /** The head of the tenant's audit stream as it was read with the records; every tenant has one. */
  head: AuditHead | undefined;
  deps: Deps;
  log: Log;
  /** Commits what must be kept before the work goes on. */
  commitNow: (change: Omit<Change, 'cause'>) => Promise<void>;
  /** Keeps how to undo what the work makes outside the registry, should a roll-back pass it by. */
  ifOvertaken: (undo: Undo) => void;
}

/** What a step did: the operation where it changed it on the way, and what is written as it is marked done. */
export interface StepResult {
  operation?: OperationRecord;
  writes?: readonly Write[];
  audit: readonly Omit<AuditDraft, 'operationId'>[];
}

/**
 * One step of onboarding: does its work unless it was done before, and marks it done in the same transaction as
 * its audit events. A step that was overtaken by a roll-back leaves nothing behind.
 */
export const onboardingStep = (name: OnboardingStep, work: (context: StepContext) => Promise<StepResult>) =>
  task(name, async (input, log) => {
    const { tenant, operation, ...read } = await readOperationRecords(input.tenantId, input.operationId);
    if (stepOf(operation, name)?.status === 'succeeded') return recountRepeat(name, operation, input);
    if (!isUnderWay(tenant) || operation.status !== 'running') {
      throw new AppError('operation_ended', `Operation ${operation.id} is ${operation.status}; ${name} is not done.`);
    }
    const cause = causeOf(name, input);
    let { head } = read;
    const commitNow = async (change: Omit<Change, 'cause'>) => {
      head = await commit({ ...change, cause }, head);
    };
    let undo: Undo | undefined;
    const ifOvertaken = (undoWork: Undo) => {
      undo = undoWork;
    };
    try {
      const result = await work({ tenant, operation, head, deps, log, commitNow, ifOvertaken });
      const reached = result.operation ?? operation;
      await commitNow({
        stream: tenant.tenantId,
        writes: [
          putOperation(reached, completeStep(reached, name, input.attempt + 1, deps.now())),
          ...(result.writes ?? []),
        ],
        audit: result.audit.map((draft) => ({ ...draft, operationId: operation.id })),
      });
    } catch (error) {
      if (undo && (await isOvertaken(name, input))) {
        log.warn(`${name} came after the roll-back of its operation; what it made is undone`);
        await undo();
      }
      throw error;
    }
  });

const isUnderWay = ({ status }: TenantRecord) => status === 'requested' || status === 'provisioning';

/** A twin of this call may have done the step, or a newer operation may own what is there: both are left alone. */
const isOvertaken = async (name: OnboardingStep, input: TaskInput) => {
  const { tenant, operation } = await readOperationRecords(input.tenantId, input.operationId);
  return stepOf(operation, name)?.status !== 'succeeded' && !isUnderWay(tenant);
};

/** The function of a step acts as a service, on the request that started the operation. */
export const causeOf = (name: string, { requestId }: TaskInput): Cause => ({
  actor: { type: 'service', id: name },
  requestId,
  source: {},
});

export const operationIn = ({ operations }: TenantFile, operationId: string): OperationRecord => {
  const operation = operations.find(({ id }) => id === operationId);
  if (!operation) throw new AppError('not_found', `There is no operation ${operationId} of this tenant.`);
  return operation;
};

const recountRepeat = async (name: OnboardingStep, operation: OperationRecord, input: TaskInput) => {
  const attempts = input.attempt + 1;
  if ((stepOf(operation, name)?.attempts ?? 0) >= attempts) return;
  const writes = [putOperation(operation, recountAttempts(operation, name, attempts))];
  await commit({ stream: operation.tenantId, cause: causeOf(name, input), writes, audit: [] });
};
