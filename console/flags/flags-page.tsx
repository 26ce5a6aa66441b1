import './flags-page.css';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import TextFilter from '@cloudscape-design/components/text-filter';
import Toggle from '@cloudscape-design/components/toggle';
import { useMemo } from 'react';
import { useNavigate } from 'react-router';
import { useSession } from '#console/session/session.tsx';
import { ListTable } from '#console/shared/list-table.tsx';
import { useAnswer } from '#console/shared/use-api.ts';
import { useFilter } from '#console/shared/use-filter.ts';
import { usePages } from '#console/shared/use-pages.ts';
import { useTitle } from '#console/shared/use-title.ts';
import { flagColumns } from './flag-columns.tsx';
import { Proposals } from './proposals.tsx';

/** Every flag, with owner, state, usage and staleness. */
export const FlagsPage = () => {
  useTitle('Flags');
  const { can } = useSession();
  const navigate = useNavigate();
  const [address, narrow] = useFilter();
  const q = address.get('q') ?? '';
  const isStale = address.get('stale') === 'true';
  const query = { ...(q !== '' && { q }), ...(isStale && { stale: true }) };
  const pages = usePages('listFlags', { query });
  // Counting evaluates the flags for every tenant, so the list is shown before the counts arrive.
  const { data, error } = useAnswer('listFlags', { query: { ...query, usage: true, cursor: pages.cursor } });
  const columns = useMemo(() => flagColumns({ data, error }), [data, error]);
  const create = can('putFlag') && (
    <Button variant="primary" onClick={() => void navigate('/flags/new')}>
      Create flag
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
            'No flags match the filter.'
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
