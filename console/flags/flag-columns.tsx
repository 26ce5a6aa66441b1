import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import type { ReactNode } from 'react';
import { TextLink } from '#console/shared/text-link.tsx';
import { Time } from '#console/shared/time.tsx';
import type { Answer } from '#core/contract/api/routes.ts';
import { FlagState } from './flag-state.tsx';
import { shareText } from './share-text.ts';
import { staleText } from './stale-text.ts';

type ListedFlag = Answer<'listFlags'>['items'][number];

/** The usage counts of the flags on the page, which take longer to load than the flags. */
interface Usage {
  data?: Pick<Answer<'listFlags'>, 'items'> | undefined;
  error: Error | null;
}

export const flagColumns = (usage: Usage) => {
  const counted = cellOfCounted(usage);
  return [
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
      id: 'served',
      header: 'Tenants on',
      minWidth: 150,
      cell: counted(({ variants, served = [] }) => shareText({ variants }, served)),
    },
    {
      id: 'stale',
      header: 'Stale',
      minWidth: 130,
      cell: counted(({ stale }) => (stale ? <Badge color="severity-medium">{staleText(stale)}</Badge> : '–')),
    },
    {
      id: 'description',
      header: 'Description',
      minWidth: 200,
      cell: ({ description }: ListedFlag) => description ?? '–',
    },
    {
      id: 'updatedAt',
      header: 'Updated',
      minWidth: 180,
      cell: ({ updatedAt }: ListedFlag) => <Time value={updatedAt} />,
    },
    { id: 'updatedBy', header: 'By', minWidth: 140, cell: ({ updatedBy }: ListedFlag) => updatedBy },
  ];
};

const cellOfCounted = ({ data, error }: Usage) => {
  const known = new Map((data?.items ?? []).map((flag) => [flag.key, flag]));
  const missing = <Box color="text-body-secondary">{error ? 'unknown' : 'counting…'}</Box>;
  return (cell: (flag: ListedFlag) => ReactNode) =>
    ({ key }: ListedFlag) => {
      const flag = known.get(key);
      return flag ? cell(flag) : missing;
    };
};
