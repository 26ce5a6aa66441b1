import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useSession } from '#console/session/session.tsx';
import { ListTable } from '#console/shared/list-table.tsx';
import { Status } from '#console/shared/status.tsx';
import { Time } from '#console/shared/time.tsx';
import { usePages } from '#console/shared/use-pages.ts';
import type { Tenant } from '#core/contract/model/tenant.ts';
import type { User } from '#core/contract/model/user.ts';
import { InviteModal } from './invite-modal.tsx';
import { UserActions } from './user-actions.tsx';

/** The users of a tenant. */
export const Users = ({ tenant }: { tenant: Tenant }) => {
  const { can } = useSession();
  const [isInviting, setInviting] = useState(false);
  const pages = usePages('listUsers', { params: { tenant: tenant.tenantId } });
  const invite = can('inviteUser') && (
    <Button variant="primary" onClick={() => setInviting(true)}>
      Invite a user
    </Button>
  );
  const actions = {
    id: 'actions',
    header: 'Actions',
    minWidth: 120,
    cell: (user: User) => <UserActions tenant={tenant} user={user} />,
  };
  return (
    <>
      <ListTable
        name="users"
        trackBy="userId"
        pages={pages}
        hidden={['updatedAt']}
        columns={can('updateUser') ? [...columns, actions] : columns}
        header={
          <Header variant="h2" actions={invite}>
            Users
          </Header>
        }
        empty={
          <SpaceBetween size="s">
            <div>This tenant has no users.</div>
            {invite}
          </SpaceBetween>
        }
      />
      {isInviting && <InviteModal tenant={tenant} onDone={() => setInviting(false)} />}
    </>
  );
};

const columns = [
  { id: 'email', header: 'E-mail', minWidth: 200, isRowHeader: true, cell: ({ email }: User) => email },
  { id: 'role', header: 'Role', minWidth: 130, cell: ({ role }: User) => role },
  { id: 'status', header: 'Status', minWidth: 110, cell: ({ status }: User) => <Status of={status} /> },
  { id: 'invitedAt', header: 'Invited', minWidth: 180, cell: ({ invitedAt }: User) => <Time value={invitedAt} /> },
  { id: 'updatedAt', header: 'Changed', minWidth: 180, cell: ({ updatedAt }: User) => <Time value={updatedAt} /> },
];
