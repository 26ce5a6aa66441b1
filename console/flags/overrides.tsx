import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import { useState } from 'react';
import { useSession } from '#console/session/session.tsx';
import { ListTable } from '#console/shared/list-table.tsx';
import { TextLink } from '#console/shared/text-link.tsx';
import { Time } from '#console/shared/time.tsx';
import { usePages } from '#console/shared/use-pages.ts';
import type { Flag, Override } from '#core/contract/model/flags.ts';
import { FreeButton } from './free-button.tsx';
import { OverrideModal } from './override-modal.tsx';

/** The tenants that have an override of the flag. */
export const Overrides = ({ flag }: { flag: Flag }) => {
  const { can } = useSession();
  const [isAdding, setAdding] = useState(false);
  const pages = usePages('listFlagOverrides', { params: { key: flag.key } });
  const add = can('putOverride') && <Button onClick={() => setAdding(true)}>Add override</Button>;
  const free = {
    id: 'free',
    header: 'Actions',
    minWidth: 120,
    cell: ({ tenantId, flagKey }: Override) => <FreeButton tenantId={tenantId} flagKey={flagKey} />,
  };
  return (
    <>
      <ListTable
        name="overrides"
        trackBy="tenantId"
        pages={pages}
        columns={can('deleteOverride') ? [...columns, free] : columns}
        header={
          <Header variant="h2" actions={add}>
            Overrides
          </Header>
        }
        empty="There are no overrides."
      />
      {isAdding && <OverrideModal flag={flag} onDone={() => setAdding(false)} />}
    </>
  );
};

const columns = [
  {
    id: 'tenant',
    header: 'Tenant',
    isRowHeader: true,
    minWidth: 200,
    cell: ({ tenantId }: Override) => <TextLink to={`/tenants/${tenantId}/flags`}>{tenantId}</TextLink>,
  },
  { id: 'variant', header: 'Variant', minWidth: 100, cell: ({ variant }: Override) => variant },
  { id: 'reason', header: 'Reason', minWidth: 180, cell: ({ reason }: Override) => reason },
  { id: 'updatedBy', header: 'By', minWidth: 140, cell: ({ updatedBy }: Override) => updatedBy ?? '–' },
  { id: 'updatedAt', header: 'Since', minWidth: 170, cell: ({ updatedAt }: Override) => <Time value={updatedAt} /> },
];
