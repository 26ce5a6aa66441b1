import type { AuditDraft } from '#core/change.ts';
import { AppError } from '#core/contract/api/errors.ts';
import { flagSetStream, flagStream } from '#core/contract/events/catalogue.ts';
import type { Proposal } from '#core/contract/model/flag-changes.ts';
import type { FlagDefinition, Rule } from '#core/contract/model/flags.ts';
import { entryOf, type FlagSet } from '#core/flags/flag-set.ts';
import type { SetPatch } from '#core/flags/patch-flag-set.ts';
import type { Subject } from '#core/flags/validate-patch.ts';
import { deps } from '#functions/deps.ts';
import { putProposal } from '#stores/flags/proposals.ts';
import { commit } from '#stores/registry/commit.ts';
import { type ChangeRequest, changeFlagSet, type Outcome } from './change-flag-set.ts';

/** The set after the change, and the operation that propagates it, unless nothing changed. */
export interface AppliedChange {
  set: FlagSet;
  operationRef: { operationId?: string };
}

/** An applied change, or a proposal that awaits a second administrator. */
export type ChangeResult = AppliedChange | { proposal: Proposal };

type Request = Omit<ChangeRequest, 'approval'>;

const applied = (outcome: Exclude<Outcome, { kind: 'needs-approval' }>): AppliedChange => ({
  set: outcome.set,
  operationRef: outcome.kind === 'changed' ? { operationId: outcome.operationId } : {},
});

/** Applies the change, or stores it as a proposal if it concerns a flag that requires approval. */
export const changeOrPropose = async (request: Request): Promise<ChangeResult> => {
  const outcome = await changeFlagSet({ ...request, approval: 'required' });
  return outcome.kind === 'needs-approval' ? { proposal: await propose(request, outcome.set) } : applied(outcome);
};

/** Applies the change without approval. */
export const changeAtOnce = async (request: Request): Promise<AppliedChange> => {
  const outcome = await changeFlagSet({ ...request, approval: 'granted' });
  if (outcome.kind === 'needs-approval') throw new AppError('internal', 'An approved change requires approval.');
  return applied(outcome);
};

/** The audit stream of a flag or a shared rule. */
export const streamOf = ({ type, name }: Subject) => (type === 'flag' ? flagStream(name) : flagSetStream);

/** The current version of the target; that of its deletion if it is deleted, 0 if it never existed. */
export const versionOf = (set: FlagSet, { type, name }: Proposal['target']): number => {
  const [present, deleted] =
    type === 'flag' ? [set.flags, set.deleted.flags] : [set.evaluators, set.deleted.evaluators];
  return entryOf<{ version: number }>(present, name)?.version ?? entryOf(deleted, name) ?? 0;
};

/** The proposed definition as a patch of the set, which is validated again when it is approved. */
export const patchOf = ({ target: { type, name }, definition }: Proposal): SetPatch =>
  type === 'flag'
    ? { flags: { [name]: definition as FlagDefinition | null } }
    : { evaluators: { [name]: definition && (definition['rule'] as Rule) } };

const propose = async ({ subject, cause, reason, decide }: Request, set: FlagSet): Promise<Proposal> => {
  const { type, name } = subject;
  if (type === 'flagset') throw new AppError('internal', 'A whole set cannot be proposed.');
  const patch = decide(set);
  const rule = patch.evaluators?.[name];
  const target = { type, name } as const;
  const proposal: Proposal = {
    proposalId: deps.newProposalId(),
    status: 'waiting',
    target,
    definition: type === 'flag' ? (patch.flags?.[name] ?? null) : rule ? { rule } : null,
    basedOn: versionOf(set, target),
    ...(reason !== undefined && { reason }),
    proposedBy: cause.actor.id,
    proposedAt: deps.now(),
  };
  await commit({
    stream: streamOf(subject),
    cause,
    writes: [putProposal(proposal)],
    audit: [proposalDraft('flag.proposed', proposal, reason)],
  });
  return proposal;
};

/** The audit event of a proposal: what it would change, and to what. */
export const proposalDraft = (
  action: 'flag.proposed' | 'flag.proposal.rejected',
  { proposalId, target, definition, basedOn }: Proposal,
  reason: string | undefined,
): AuditDraft => ({
  action,
  target: { type: target.type, id: target.name },
  after: { proposalId, basedOn, definition: definition as JsonValue },
  ...(reason !== undefined && { reason }),
});

type JsonValue = NonNullable<AuditDraft['after']>[string];
