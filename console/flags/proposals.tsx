import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { Changes } from '#console/audit/changes.tsx';
import { differences } from '#console/audit/diff.ts';
import { useSession } from '#console/session/session.tsx';
import { useNotify } from '#console/shared/notices.ts';
import { ProblemModal } from '#console/shared/problem-modal.tsx';
import { Time } from '#console/shared/time.tsx';
import { useAnswer, useChange } from '#console/shared/use-api.ts';
import { usePages } from '#console/shared/use-pages.ts';
import type { Proposal } from '#core/contract/model/flag-changes.ts';
import { definitionOf } from './definition-text.ts';
import { jsonOf } from './json-of.ts';

/** Changes that await approval by a second administrator; nothing if there are none. */
export const Proposals = () => {
  const pages = usePages('listProposals', { query: { status: 'waiting' } });
  if (pages.items.length === 0) return null;
  return (
    <SpaceBetween size="s">
      <Header variant="h2">Waiting for approval</Header>
      {pages.items.map((proposal) => (
        <Waiting key={proposal.proposalId} proposal={proposal} />
      ))}
    </SpaceBetween>
  );
};

const Waiting = ({ proposal }: { proposal: Proposal }) => {
  const { target, proposedBy, proposedAt, reason } = proposal;
  return (
    <ExpandableSection
      headerText={`${target.type} ${target.name}${proposal.definition === null ? ': delete' : ''}`}
      headerDescription={reason === undefined ? `by ${proposedBy}` : `by ${proposedBy}: ${reason}`}
      headerActions={<Decide proposal={proposal} />}
      variant="container"
    >
      <Box color="text-body-secondary" padding={{ bottom: 's' }}>
        <Time value={proposedAt} />
      </Box>
      {target.type === 'flag' ? (
        <FlagChanges proposal={proposal} />
      ) : (
        <Changes list={differences(undefined, jsonOf(proposal.definition))} />
      )}
    </ExpandableSection>
  );
};

const FlagChanges = ({ proposal: { target, basedOn, definition } }: { proposal: Proposal }) => {
  const { data: flag } = useAnswer('getFlag', { params: { key: target.name } }, { enabled: basedOn > 0 });
  return <Changes list={differences(jsonOf(flag && definitionOf(flag)), jsonOf(definition))} />;
};

const Decide = ({ proposal: { proposalId, target, proposedBy } }: { proposal: Proposal }) => {
  const { can, me } = useSession();
  const approve = useChange('approveProposal');
  const reject = useChange('rejectProposal');
  const notify = useNotify();
  const call = { params: { proposal: proposalId }, query: {} };
  if (!can('approveProposal')) return null;
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button
        loading={reject.isPending}
        onClick={() => reject.mutate(call, { onSuccess: () => notify(`The change to ${target.name} was rejected.`) })}
      >
        {proposedBy === me.id ? 'Withdraw' : 'Reject'}
      </Button>
      {proposedBy !== me.id && (
        <Button
          variant="primary"
          loading={approve.isPending}
          onClick={() => approve.mutate(call, { onSuccess: () => notify(`${target.name} was updated.`) })}
        >
          Approve
        </Button>
      )}
      <ProblemModal
        error={approve.error ?? reject.error}
        onDismiss={() => {
          approve.reset();
          reject.reset();
        }}
      />
    </SpaceBetween>
  );
};
