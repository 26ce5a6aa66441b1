import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type ReactNode, useState } from 'react';
import { useAside } from '#console/shared/aside.tsx';
import { ListTable } from '#console/shared/list-table.tsx';
import { RefreshButton } from '#console/shared/refresh-button.tsx';
import { Time } from '#console/shared/time.tsx';
import { useFilter } from '#console/shared/use-filter.ts';
import type { Pages } from '#console/shared/use-pages.ts';
import type { AuditEvent } from '#core/contract/events/catalogue.ts';
import { AuditFilter } from './audit-filter.tsx';
import { auditTokensOf } from './audit-query.ts';
import { EventDetail } from './event-detail.tsx';

interface AuditTableProps {
  title: string;
  heading: 'h1' | 'h2';
  pages: Pages<AuditEvent>;
  actions?: ReactNode;
}

/** Audit events, newest first; the selected one is shown in the side panel. */
export const AuditTable = ({ title, heading, pages, actions }: AuditTableProps) => {
  const [address, narrow] = useFilter();
  const [picked, setPicked] = useState<AuditEvent>();
  const show = useAside();
  const pick = (event: AuditEvent) => {
    setPicked(event);
    show({ header: `${event.action} · event ${event.seq}`, content: <EventDetail event={event} /> });
  };
  return (
    <ListTable
      name="audit events"
      trackBy="id"
      pages={pages}
      columns={columns}
      hidden={['operationId', 'requestId', 'seq']}
      choice={{ picked, pick, labelOf: ({ seq, action }) => `Event ${seq}, ${action}` }}
      header={
        <Header
          variant={heading}
          description="Select an event to see what it changed."
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <RefreshButton pages={pages} />
              {actions}
            </SpaceBetween>
          }
        >
          {title}
        </Header>
      }
      filter={<AuditFilter tokens={auditTokensOf(address)} onChange={narrow} />}
      empty={address.size > 0 ? 'No events match the filter.' : 'There are no audit events yet.'}
    />
  );
};

const actorText = ({ actor }: AuditEvent) => (actor.role ? `${actor.id} (${actor.role})` : actor.id);

const columns = [
  {
    id: 'time',
    header: 'Time',
    minWidth: 180,
    isRowHeader: true,
    cell: ({ time }: AuditEvent) => <Time value={time} />,
  },
  { id: 'action', header: 'Action', minWidth: 180, cell: ({ action }: AuditEvent) => action },
  { id: 'actor', header: 'Actor', minWidth: 160, maxWidth: 250, cell: actorText },
  {
    id: 'target',
    header: 'Target',
    minWidth: 160,
    maxWidth: 260,
    cell: ({ target }: AuditEvent) => `${target.type} ${target.id}`,
  },
  { id: 'reason', header: 'Reason', minWidth: 140, cell: ({ reason }: AuditEvent) => reason ?? '–' },
  { id: 'operationId', header: 'Operation', minWidth: 140, cell: ({ operationId }: AuditEvent) => operationId ?? '–' },
  { id: 'requestId', header: 'Request', minWidth: 140, cell: ({ requestId }: AuditEvent) => requestId },
  { id: 'seq', header: 'Number', minWidth: 90, cell: ({ seq }: AuditEvent) => seq },
];
