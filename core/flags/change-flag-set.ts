import type { AuditDraft, Cause } from '#core/change.ts';
import { flagSetStream, flagStream } from '#core/contract/events/catalogue.ts';
import type { Flip } from '#core/contract/model/flag-changes.ts';
import type { FlagDefinition, Rule } from '#core/contract/model/flags.ts';
import { flagSetSubject } from '#core/contract/model/operation.ts';
import { newOperation, type OperationRecord } from '#core/operation/operation.ts';
import type { Subject } from './judge-patch.ts';
import type { PatchedSet, Revised } from './patch-flag-set.ts';

/** A change of the flag set on its way to the tenants: its operation, and what their audit events must say of it. */
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

/** What every event of one change tells alike; `told` is of the proposal it was, if it was one. */
interface About {
  flagSetVersion: number;
  operationId: string;
  reason?: string | undefined;
  told?: Readonly<Record<string, string>> | undefined;
}

type JsonFields = NonNullable<AuditDraft['before']>;

/** A definition, or that there is none, as an audit event tells of it. */
const told = (definition: object | undefined, version: number): JsonFields =>
  definition ? { version, ...definition } : { version, deleted: true };

/** What a flag's own stream tells of one change: the whole definition before and after. */
export const flagChanged = ({ name, version, before, after }: Revised<FlagDefinition>, about: About): AuditDraft => ({
  action: 'flag.changed',
  target: { type: 'flag', id: name },
  operationId: about.operationId,
  ...(before && { before: told(before, version - 1) }),
  after: { ...told(after, version), flagSetVersion: about.flagSetVersion, ...about.told },
  ...(about.reason !== undefined && { reason: about.reason }),
});

/** What a tenant's stream tells of one change: each flag that gives it something else, from what to what. */
export const flipDrafts = (change: FlagChange, flips: readonly Flip[]): AuditDraft[] =>
  flips.map(({ flagKey, from, to }) => ({
    action: 'flag.changed',
    target: { type: 'flag', id: flagKey },
    operationId: change.operation.id,
    before: from as JsonFields,
    after: { ...(to as JsonFields), flagSetVersion: change.flagSetVersion },
    ...(change.operation.reason !== undefined && { reason: change.operation.reason }),
  }));

const evaluatorChanged = ({ name, version, before, after }: Revised<Rule>, about: About): AuditDraft => ({
  action: 'evaluator.changed',
  target: { type: 'evaluator', id: name },
  operationId: about.operationId,
  ...(before && { before: told({ rule: before }, version - 1) }),
  after: { ...told(after && { rule: after }, version), flagSetVersion: about.flagSetVersion, ...about.told },
  ...(about.reason !== undefined && { reason: about.reason }),
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

/** What an import made, changed and deleted. */
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
  told?: About['told'];
}

/**
 * A change of the set as it is committed: in the flag's own stream, or in that of the set where more than one flag may
 * change; and the operation that carries it to the tenants.
 */
export const decideChange = ({ patched, subject, cause, operationId, now, reason, told: besides }: ChangeFacts) => {
  const { next, flags, evaluators } = patched;
  const about = { flagSetVersion: next.version, operationId, reason, told: besides };
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
    return { operation, stream: flagStream(subject.name), audit: flags.map((one) => flagChanged(one, about)) };
  }
  const imported: AuditDraft = {
    action: 'flagset.imported',
    target: { type: 'flagset', id: String(next.version) },
    operationId,
    after: { flagSetVersion: next.version, ...changedNames(patched) },
    ...(reason !== undefined && { reason }),
  };
  const audit = subject.type === 'flagset' ? [imported] : evaluators.map((one) => evaluatorChanged(one, about));
  return { operation, stream: flagSetStream, audit };
};
