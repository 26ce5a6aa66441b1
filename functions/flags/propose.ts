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
import { type AskedChange, changeFlagSet, type Outcome } from './change-flag-set.ts';

/** The set with the change in it, and the operation that carries it, unless it was so already. */
export interface Made {
  set: FlagSet;
  carried: { operationId?: string };
}

/** What came of a change: it is made, or it waits for a second administrator. */
export type Changed = Made | { proposal: Proposal };

type Asked = Omit<AskedChange, 'approval'>;

const made = (outcome: Exclude<Outcome, { kind: 'needs-approval' }>): Made => ({
  set: outcome.set,
  carried: outcome.kind === 'changed' ? { operationId: outcome.operationId } : {},
});

/** Makes the change; or keeps it as a proposal where a flag that demands approval is touched. */
export const changeOrPropose = async (asked: Asked): Promise<Changed> => {
  const outcome = await changeFlagSet({ ...asked, approval: 'asked' });
  return outcome.kind === 'needs-approval' ? { proposal: await propose(asked, outcome.set) } : made(outcome);
};

/** Makes the change, whoever would have to approve it. */
export const changeAtOnce = async (asked: Asked): Promise<Made> => {
  const outcome = await changeFlagSet({ ...asked, approval: 'given' });
  if (outcome.kind === 'needs-approval') throw new AppError('internal', 'An approved change asked for approval.');
  return made(outcome);
};

/** The stream in which a change of a flag, or of a shared rule, is told. */
export const streamOf = ({ type, name }: Subject) => (type === 'flag' ? flagStream(name) : flagSetStream);

export const versionOf = (set: FlagSet, { type, name }: Proposal['target']): number => {
  const [present, gone] = type === 'flag' ? [set.flags, set.deleted.flags] : [set.evaluators, set.deleted.evaluators];
  return entryOf<{ version: number }>(present, name)?.version ?? entryOf(gone, name) ?? 0;
};

/** The proposed definition as a patch of the set. It was judged as a whole when it was proposed, and is again. */
export const patchOf = ({ target: { type, name }, definition }: Proposal): SetPatch =>
  type === 'flag'
    ? { flags: { [name]: definition as FlagDefinition | null } }
    : { evaluators: { [name]: definition && (definition['rule'] as Rule) } };

const propose = async ({ subject, cause, reason, decide }: Asked, set: FlagSet): Promise<Proposal> => {
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

/** What is told of a proposal: what it would change, and to what. */
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
