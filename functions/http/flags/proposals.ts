import { AppError } from '#core/contract/api/errors.ts';
import type { Proposal } from '#core/contract/model/flag-changes.ts';
import type { FlagSet } from '#core/flags/flag-set.ts';
import { deps } from '#functions/deps.ts';
import { changeFlagSet } from '#functions/flags/change-flag-set.ts';
import { patchOf, proposalDraft, streamOf, versionOf } from '#functions/flags/propose.ts';
import type { Operations } from '#functions/shell/http.ts';
import { listProposals, putProposal, readProposal } from '#stores/flags/proposals.ts';
import { commit } from '#stores/registry/commit.ts';

const assertWaiting = (proposal: Proposal): Proposal => {
  if (proposal.status === 'waiting') return proposal;
  throw new AppError('invalid_transition', `The proposal was ${proposal.status} by ${proposal.decidedBy}.`);
};

const decided = (proposal: Proposal, status: 'approved' | 'rejected', by: string): Proposal => ({
  ...assertWaiting(proposal),
  status,
  decidedBy: by,
  decidedAt: deps.now(),
});

export const proposals = {
  listProposals: async ({ query: { status, limit, cursor } }) => ({ body: await listProposals(status, limit, cursor) }),

  getProposal: async ({ params }) => ({ body: await readProposal(params['proposal'] ?? '') }),

  approveProposal: async ({ params, cause, query }) => {
    const read = assertWaiting(await readProposal(params['proposal'] ?? ''));
    if (read.proposedBy === cause.actor.id) {
      throw new AppError('approval_required', 'A change cannot be approved by its proposer.');
    }
    const approved = decided(read, 'approved', cause.actor.id);
    const decide = (set: FlagSet) => {
      if (versionOf(set, read.target) === read.basedOn) return patchOf(read);
      throw new AppError(
        'version_conflict',
        `The ${read.target.type} has changed since the proposal. Propose the change again.`,
      );
    };
    const outcome = await changeFlagSet({
      subject: read.target,
      cause,
      reason: query.reason ?? read.reason,
      decide,
      approval: 'granted',
      extra: {
        writes: [putProposal(approved)],
        auditDetails: { proposalId: read.proposalId, proposedBy: read.proposedBy },
      },
    });
    return { body: { ...approved, ...(outcome.kind === 'changed' && { operationId: outcome.operationId }) } };
  },

  rejectProposal: async ({ params, cause, query }) => {
    const read = await readProposal(params['proposal'] ?? '');
    const rejected = decided(read, 'rejected', cause.actor.id);
    await commit({
      stream: streamOf(read.target),
      cause,
      writes: [putProposal(rejected)],
      audit: [proposalDraft('flag.proposal.rejected', read, query.reason)],
    });
    return { body: rejected };
  },
} satisfies Operations;
