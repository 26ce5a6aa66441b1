import './flags-page.css';
import Badge from '@cloudscape-design/components/badge';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import TextFilter from '@cloudscape-design/components/text-filter';
import Toggle from '@cloudscape-design/components/toggle';
import { useNavigate } from 'react-router';
import { useSession } from '#console/session/session.tsx';
import { ListTable } from '#console/shared/list-table.tsx';
import { TextLink } from '#console/shared/text-link.tsx';
import { Time } from '#console/shared/time.tsx';
import { useFilter } from '#console/shared/use-filter.ts';
import { usePages } from '#console/shared/use-pages.ts';
import { useTitle } from '#console/shared/use-title.ts';
import type { Answer } from '#core/contract/routes.ts';
import { FlagState } from './flag-state.tsx';
import { Proposals } from './proposals.tsx';
import { staleText } from './stale-text.ts';

type ListedFlag = Answer<'listFlags'>['items'][number];

/** Every flag: who owns it, whether it is on, and whether it could go. */
export const FlagsPage = () => {
  useTitle('Flags');
  const { can } = useSession();
  const navigate = useNavigate();
  const [address, narrow] = useFilter();
  const q = address.get('q') ?? '';
  const isStale = address.get('stale') === 'true';
  const pages = usePages('listFlags', {
    query: { ...(q !== '' && { q }), ...(isStale && { stale: true }) },
  });
  const create = can('putFlag') && (
    <Button variant="primary" onClick={() => void navigate('/flags/new')}>
      Make a flag
    </Button>
  );
  return (
    <SpaceBetween size="l">
      <Proposals />
      <ListTable
        name="flags"
        trackBy="key"
        pages={pages}
        columns={columns}
        hidden={['updatedBy']}
        header={
          <Header variant="h1" actions={create}>
            Flags
          </Header>
        }
        filter={
          <div className="flag-filter">
            <TextFilter
              filteringText={q}
              filteringPlaceholder="Find by key, description or owner"
              filteringAriaLabel="Find flags"
              onChange={({ detail: { filteringText: text } }) =>
                narrow({ q: text === '' ? undefined : text, stale: isStale ? 'true' : undefined })
              }
            />
            <Toggle
              checked={isStale}
              onChange={({ detail }) =>
                narrow({ q: q === '' ? undefined : q, stale: detail.checked ? 'true' : undefined })
              }
            >
              Stale only
            </Toggle>
          </div>
        }
        empty={
          address.size > 0 ? (
            'No flag matches. Take a part of the filter away.'
          ) : (
            <SpaceBetween size="s">
              <div>There are no flags yet.</div>
              {create}
            </SpaceBetween>
          )
        }
      />
    </SpaceBetween>
  );
};

const columns = [
  {
    id: 'key',
    header: 'Key',
    isRowHeader: true,
    minWidth: 150,
    cell: ({ key }: ListedFlag) => <TextLink to={`/flags/${encodeURIComponent(key)}`}>{key}</TextLink>,
  },
  { id: 'state', header: 'State', minWidth: 110, cell: ({ state }: ListedFlag) => <FlagState state={state} /> },
  { id: 'owner', header: 'Owner', minWidth: 120, cell: ({ owner }: ListedFlag) => owner ?? '–' },
  {
    id: 'stale',
    header: 'Stale',
    minWidth: 130,
    cell: ({ stale }: ListedFlag) => (stale ? <Badge color="severity-medium">{staleText(stale)}</Badge> : '–'),
  },
  {
    id: 'description',
    header: 'Description',
    minWidth: 200,
    cell: ({ description }: ListedFlag) => description ?? '–',
  },
  {
    id: 'updatedAt',
    header: 'Changed',
    minWidth: 180,
    cell: ({ updatedAt }: ListedFlag) => <Time value={updatedAt} />,
  },
  { id: 'updatedBy', header: 'By', minWidth: 140, cell: ({ updatedBy }: ListedFlag) => updatedBy },
];
