import Header from '@cloudscape-design/components/header';
import PropertyFilter from '@cloudscape-design/components/property-filter';
import { useMemo } from 'react';
import { betweenText } from '#console/shared/duration.ts';
import { filterProperty } from '#console/shared/filter-property.ts';
import { ListTable } from '#console/shared/list-table.tsx';
import { RefreshButton } from '#console/shared/refresh-button.tsx';
import { Status } from '#console/shared/status.tsx';
import { TextLink } from '#console/shared/text-link.tsx';
import { Time } from '#console/shared/time.tsx';
import { useFilter } from '#console/shared/use-filter.ts';
import { usePages } from '#console/shared/use-pages.ts';
import { useTitle } from '#console/shared/use-title.ts';
import { type Operation, operationStatuses } from '#core/contract/model/operation.ts';
import { operationKindNames, operationKinds } from '#core/operation/kinds.ts';
import { type OperationQuery, operationQueryOf, operationTokensOf } from './operation-query.ts';
import { SubjectLink } from './subject-link.tsx';

/** The operations of every kind and subject, newest first. */
export const OperationsPage = () => {
  useTitle('Operations');
  const [address, narrow] = useFilter();
  const tokens = useMemo(() => operationTokensOf(address), [address]);
  const query = useMemo(() => operationQueryOf(tokens), [tokens]);
  const pages = usePages('listAllOperations', { query });
  return (
    <ListTable
      name="operations"
      trackBy="id"
      pages={pages}
      columns={columns}
      header={
        <Header variant="h1" actions={<RefreshButton pages={pages} />}>
          Operations
        </Header>
      }
      filter={<OperationFilter tokens={tokens} onChange={narrow} />}
      empty={tokens.length > 0 ? 'No operations match the filter.' : 'There are no operations yet.'}
    />
  );
};

interface OperationFilterProps {
  tokens: ReturnType<typeof operationTokensOf>;
  onChange: (query: OperationQuery) => void;
}

const OperationFilter = ({ tokens, onChange }: OperationFilterProps) => (
  <PropertyFilter
    query={{ tokens, operation: 'and' }}
    onChange={({ detail }) => onChange(operationQueryOf(detail.tokens))}
    filteringProperties={[
      filterProperty('kind', 'Kind'),
      filterProperty('status', 'Status'),
      filterProperty('tenant', 'Tenant'),
    ]}
    filteringOptions={[
      ...operationKindNames.map((value) => ({
        propertyKey: 'kind',
        value,
        description: operationKinds[value].about,
      })),
      ...operationStatuses.map((value) => ({ propertyKey: 'status', value })),
    ]}
    hideOperations
    customGroupsText={[]}
    filteringPlaceholder="Find by kind, status or tenant"
    filteringAriaLabel="Find operations"
  />
);

const columns = [
  {
    id: 'kind',
    header: 'Operation',
    minWidth: 130,
    isRowHeader: true,
    cell: ({ id, kind }: Operation) => <TextLink to={`/operations/${id}`}>{operationKinds[kind].title}</TextLink>,
  },
  {
    id: 'subject',
    header: 'Subject',
    minWidth: 180,
    cell: ({ subject }: Operation) => <SubjectLink subject={subject} />,
  },
  { id: 'status', header: 'Status', minWidth: 140, cell: ({ status }: Operation) => <Status of={status} /> },
  {
    id: 'startedAt',
    header: 'Started',
    minWidth: 180,
    cell: ({ startedAt }: Operation) => <Time value={startedAt} />,
  },
  {
    id: 'took',
    header: 'Duration',
    minWidth: 100,
    cell: ({ startedAt, endedAt }: Operation) => betweenText(startedAt, endedAt) ?? '–',
  },
  { id: 'reason', header: 'Reason', minWidth: 140, cell: ({ reason }: Operation) => reason ?? '–' },
  {
    id: 'failure',
    header: 'Failure',
    minWidth: 160,
    cell: ({ failure }: Operation) => (failure ? `${failure.step}: ${failure.code}` : '–'),
  },
];
