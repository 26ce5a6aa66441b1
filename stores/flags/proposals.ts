import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Item, Write } from '#core/change.ts';
import { AppError } from '#core/contract/api/errors.ts';
import type { Proposal } from '#core/contract/model/flag-changes.ts';
import { tableNames } from '#core/contract/platform/names.ts';
import { keys } from '#core/keys.ts';
import { documents } from '#stores/aws/clients.ts';
import { type Page, queryPage } from '#stores/aws/pages.ts';

const TableName = tableNames.flags;

const proposalOf = ({ pk: _pk, sk: _sk, ...proposal }: Item) => proposal as unknown as Proposal;

/** A proposal; `not_found` where there is none. */
export const readProposal = async (proposalId: string): Promise<Proposal> => {
  const { Item } = await documents.send(
    new GetCommand({ TableName, Key: keys.proposal(proposalId), ConsistentRead: true }),
  );
  if (!Item) throw new AppError('not_found', `There is no proposal "${proposalId}".`);
  return proposalOf(Item as Item);
};

/** Proposals, newest first: their ids are made in the order of time. */
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
    match: (item) => (status === undefined || item['status'] === status ? proposalOf(item) : undefined),
  });

/** A new proposal, or one that is decided, if it was waiting until now. */
export const putProposal = (proposal: Proposal): Write => ({
  kind: 'put',
  table: 'flags',
  item: { ...keys.proposal(proposal.proposalId), ...proposal },
  guard: {
    condition: proposal.status === 'waiting' ? { absent: true } : { equals: { status: 'waiting' } },
    otherwise: { code: 'invalid_transition', message: 'The proposal was decided by someone else.' },
  },
});
