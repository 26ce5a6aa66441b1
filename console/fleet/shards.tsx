import './shards.css';
import Header from '@cloudscape-design/components/header';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { TextLink } from '#console/shared/text-link.tsx';
import type { Shard } from '#core/contract/model/shard.ts';
import { rangeShare } from './needs-attention.ts';

/** The shards, with their hash ranges and usage. */
export const Shards = ({ shards }: { shards: readonly Shard[] }) => (
  <Table
    header={
      <Header variant="h2" counter={`(${shards.length})`}>
        Shards
      </Header>
    }
    trackBy="shardId"
    items={shards}
    columnDefinitions={columns}
    empty="There are no shards. Tenants cannot be onboarded until one is added (npx tenantry shard add)."
  />
);

const Fill = ({ shard: { count, capacity, shardId } }: { shard: Shard }) => (
  <ProgressBar
    value={capacity === 0 ? 100 : (count / capacity) * 100}
    status="in-progress"
    ariaLabel={`Places taken on ${shardId}`}
    additionalInfo={`${count} of ${capacity}`}
  />
);

const Range = ({ range }: { range: NonNullable<Shard['range']> }) => {
  const { start, size } = rangeShare(range);
  return (
    <div className="range">
      <div className="range-line" aria-hidden="true">
        <div className="range-part" style={{ insetInlineStart: `${start}%`, inlineSize: `${size}%` }} />
      </div>
      {range.from}–{range.to}
    </div>
  );
};

const columns = [
  {
    id: 'shardId',
    header: 'Shard',
    isRowHeader: true,
    cell: ({ shardId }: Shard) => <TextLink to={`/tenants?shard=${shardId}`}>{shardId}</TextLink>,
  },
  { id: 'class', header: 'Class', cell: ({ class: shardClass }: Shard) => shardClass },
  { id: 'region', header: 'Region', cell: ({ region }: Shard) => region },
  {
    id: 'state',
    header: 'State',
    cell: ({ state }: Shard) => (
      <StatusIndicator type={state === 'open' ? 'success' : 'stopped'}>{state}</StatusIndicator>
    ),
  },
  {
    id: 'range',
    header: 'Hash range',
    minWidth: 160,
    cell: ({ range }: Shard) => (range ? <Range range={range} /> : '–'),
  },
  { id: 'fill', header: 'Tenants', minWidth: 180, cell: (shard: Shard) => <Fill shard={shard} /> },
];
