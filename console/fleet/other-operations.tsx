import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import { durationText } from '#console/shared/duration.ts';
import { TextLink } from '#console/shared/text-link.tsx';
import type { Fleet } from '#core/contract/model/fleet.ts';
import { operationKinds } from '#core/operation/kinds.ts';

type Counted = Fleet['operations'][number];

/** Operations other than onboardings, counted by kind. */
export const OtherOperations = ({ operations }: Pick<Fleet, 'operations'>) => (
  <Table
    header={<Header variant="h2">Other operations of the last 24 hours</Header>}
    trackBy="kind"
    items={operations.filter(({ kind }) => kind !== 'onboard')}
    columnDefinitions={columns}
    empty="There were none."
  />
);

const columns = [
  {
    id: 'kind',
    header: 'Operation',
    isRowHeader: true,
    cell: ({ kind }: Counted) => <TextLink to={`/operations?kind=${kind}`}>{operationKinds[kind].title}</TextLink>,
  },
  { id: 'running', header: 'In progress', cell: ({ running }: Counted) => running },
  { id: 'succeeded', header: 'Succeeded', cell: ({ succeeded }: Counted) => succeeded },
  {
    id: 'failed',
    header: 'Failed or rolled back',
    cell: ({ failed, rolledBack, rollbackFailed }: Counted) => failed + rolledBack + rollbackFailed,
  },
  {
    id: 'took',
    header: 'Took: p50, p95',
    cell: ({ p50Ms, p95Ms }: Counted) =>
      [p50Ms, p95Ms].map((ms) => (ms === undefined ? '–' : durationText(ms))).join(', '),
  },
];
