import type { Write } from '#core/change.ts';
import { AppError } from '#core/contract/api/errors.ts';
import type { Proposal } from '#core/contract/model/flag-changes.ts';
import { tableNames } from '#core/contract/platform/names.ts';
import { keys, recordOf } from '#core/keys.ts';
import { documents } from '#stores/aws/clients.ts';
import { getItem } from '#stores/aws/get-item.ts';
import { type Page, queryPage } from '#stores/aws/pages.ts';

const TableName = tableNames.flags;

/** A proposal; `not_found` if there is none. */
export const readProposal = async (proposalId: string): Promise<Proposal> => {
  const item = await getItem(documents, 'flags', keys.proposal(proposalId));
  if (!item) throw new AppError('not_found', `There is no proposal "${proposalId}".`);
  return recordOf(item) as Proposal;
};

/** Proposals, newest first: their ids are time-ordered. */
export const listProposals = (
  status: Proposal['status'] | undefined,
  limit: number,
  cursor: string | undefined,
): Promise<Page<Proposal>> =>
  queryPage({
    query: {
      TableName,
      ScanIndexForward: false,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': keys.proposal('').pk },
    },
    limit,
    cursor,
    startKey: (proposalId) => ({ ...keys.proposal(proposalId) }),
    positionOf: ({ sk }) => sk,
    match: (item) => (status === undefined || item['status'] === status ? (recordOf(item) as Proposal) : undefined),
  });

/** Writes a new proposal, or the decision on one that is still waiting. */
export const putProposal = (proposal: Proposal): Write => ({
  kind: 'put',
  table: 'flags',
  item: { ...keys.proposal(proposal.proposalId), ...proposal },
  guard: {
    condition: proposal.status === 'waiting' ? { absent: true } : { equals: { status: 'waiting' } },
    otherwise: { code: 'invalid_transition', message: 'Someone else has decided on the proposal.' },
  },
});
