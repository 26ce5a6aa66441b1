import type { AuditDraft, Cause } from '#core/change.ts';
import { flagSetStream, flagStream } from '#core/contract/events/catalogue.ts';
import type { Flip } from '#core/contract/model/flag-changes.ts';
import type { FlagDefinition, Rule } from '#core/contract/model/flags.ts';
import { flagSetSubject } from '#core/contract/model/operation.ts';
import { newOperation, type OperationRecord } from '#core/operation/operation.ts';
import type { PatchedSet, Revised } from './patch-flag-set.ts';
import type { Subject } from './validate-patch.ts';

/** A change of the flag set: the operation that propagates it, and the data that the tenants' audit events need. */
export interface FlagChange {
  operation: OperationRecord;
  flagSetVersion: number;
  target: { type: Subject['type']; id: string };
  cause: Cause;
  changed: ChangedNames;
}

interface ChangedNames {
  flags: readonly string[];
  evaluators: readonly string[];
}

/** The change that an operation propagates, as `decideChange` recorded it. */
export const flagChangeOf = (operation: OperationRecord): FlagChange => ({
  operation,
  ...(operation.details as Pick<FlagChange, 'flagSetVersion' | 'target'>),
  ...(operation.input as unknown as Pick<FlagChange, 'cause' | 'changed'>),
});

/** What all audit events of one change have in common; `auditDetails` names its proposal, if there was one. */
interface ChangeContext {
  flagSetVersion: number;
  operationId: string;
  reason?: string | undefined;
  auditDetails?: Readonly<Record<string, string>> | undefined;
}

type JsonFields = NonNullable<AuditDraft['before']>;

/** A definition, or its deletion, as an audit event shows it. */
const auditFields = (definition: object | undefined, version: number): JsonFields =>
  definition ? { version, ...definition } : { version, deleted: true };

/** The audit event in the flag's own stream: the whole definition before and after. */
export const flagChanged = (
  { name, version, before, after }: Revised<FlagDefinition>,
  context: ChangeContext,
): AuditDraft => ({
  action: 'flag.changed',
  target: { type: 'flag', id: name },
  operationId: context.operationId,
  ...(before && { before: auditFields(before, version - 1) }),
  after: { ...auditFields(after, version), flagSetVersion: context.flagSetVersion, ...context.auditDetails },
  ...(context.reason !== undefined && { reason: context.reason }),
});

/** The audit events in a tenant's stream: one for each flag whose value changed for the tenant. */
export const flipDrafts = (change: FlagChange, flips: readonly Flip[]): AuditDraft[] =>
  flips.map(({ flagKey, from, to }) => ({
    action: 'flag.changed',
    target: { type: 'flag', id: flagKey },
    operationId: change.operation.id,
    before: from as JsonFields,
    after: { ...(to as JsonFields), flagSetVersion: change.flagSetVersion },
    ...(change.operation.reason !== undefined && { reason: change.operation.reason }),
  }));

const evaluatorChanged = ({ name, version, before, after }: Revised<Rule>, context: ChangeContext): AuditDraft => ({
  action: 'evaluator.changed',
  target: { type: 'evaluator', id: name },
  operationId: context.operationId,
  ...(before && { before: auditFields({ rule: before }, version - 1) }),
  after: {
    ...auditFields(after && { rule: after }, version),
    flagSetVersion: context.flagSetVersion,
    ...context.auditDetails,
  },
  ...(context.reason !== undefined && { reason: context.reason }),
});

const kindOf = <T>({ before, after }: Revised<T>) => {
  if (!after) return 'deleted' as const;
  return before ? ('changed' as const) : ('created' as const);
};

const namesOf = <T>(revised: readonly Revised<T>[]) => {
  const named = (kind: ReturnType<typeof kindOf>) =>
    revised.filter((one) => kindOf(one) === kind).map(({ name }) => name);
  return { created: named('created'), changed: named('changed'), deleted: named('deleted') };
};

/** The names that an import created, changed and deleted. */
export const changedNames = ({ flags, evaluators }: Pick<PatchedSet, 'flags' | 'evaluators'>) => ({
  flags: namesOf(flags),
  evaluators: namesOf(evaluators),
});

interface ChangeFacts {
  patched: PatchedSet;
  subject: Subject;
  cause: Cause;
  operationId: string;
  now: string;
  reason?: string | undefined;
  auditDetails?: ChangeContext['auditDetails'];
}

/**
 * A change of the set, ready to commit, and the operation that propagates it to the tenants. It is audited in the flag's
 * own stream, or in that of the set if more than one flag may change.
 */
export const decideChange = ({ patched, subject, cause, operationId, now, reason, auditDetails }: ChangeFacts) => {
  const { next, flags, evaluators } = patched;
  const context = { flagSetVersion: next.version, operationId, reason, auditDetails };
  const operation = newOperation({
    kind: 'propagate-flag-change',
    subject: flagSetSubject,
    operationId,
    requestId: cause.requestId,
    now,
    reason,
    details: { flagSetVersion: next.version, target: { type: subject.type, id: subject.name }, flips: 0 },
    input: {
      cause,
      changed: { flags: flags.map(({ name }) => name), evaluators: evaluators.map(({ name }) => name) },
    },
  });
  if (subject.type === 'flag') {
    return { operation, stream: flagStream(subject.name), audit: flags.map((one) => flagChanged(one, context)) };
  }
  const imported: AuditDraft = {
    action: 'flagset.imported',
    target: { type: 'flagset', id: String(next.version) },
    operationId,
    after: { flagSetVersion: next.version, ...changedNames(patched) },
    ...(reason !== undefined && { reason }),
  };
  const audit = subject.type === 'flagset' ? [imported] : evaluators.map((one) => evaluatorChanged(one, context));
  return { operation, stream: flagSetStream, audit };
};
