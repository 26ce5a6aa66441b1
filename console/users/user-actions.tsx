import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import { useState } from 'react';
import { useSession } from '#console/session/session.tsx';
import { useNotify } from '#console/shared/notices.ts';
import { ProblemModal } from '#console/shared/problem-modal.tsx';
import { TypedConfirmation } from '#console/shared/typed-confirmation.tsx';
import { useChange } from '#console/shared/use-api.ts';
import type { Tenant } from '#core/contract/model/tenant.ts';
import type { User, UserUpdate } from '#core/contract/model/user.ts';

const ifUnchanged = ({ version }: User) => ({ 'If-Match': `"${version}"` });

interface UserActionsProps {
  tenant: Tenant;
  user: User;
}

/** The actions on a user; removal requires typing the tenant's slug. */
export const UserActions = ({ tenant, user }: UserActionsProps) => {
  const { can } = useSession();
  const update = useChange('updateUser');
  const remove = useChange('removeUser');
  const notify = useNotify();
  const [isRemoving, setRemoving] = useState(false);
  const params = { tenant: tenant.tenantId, user: user.userId };
  const change = (body: UserUpdate, done: string) =>
    update.mutate({ params, body, headers: ifUnchanged(user) }, { onSuccess: () => notify(done) });
  const isAdmin = user.role === 'tenant-admin';
  const isDisabled = user.status === 'disabled';

  const choices: Readonly<Record<string, { text: string; run: () => void }>> = {
    role: isAdmin
      ? { text: 'Make a member', run: () => change({ role: 'tenant-member' }, `${user.email} is now a member.`) }
      : {
          text: 'Make an administrator',
          run: () => change({ role: 'tenant-admin' }, `${user.email} is now an administrator.`),
        },
    disabled: isDisabled
      ? { text: 'Enable', run: () => change({ disabled: false }, `${user.email} was enabled.`) }
      : { text: 'Disable', run: () => change({ disabled: true }, `${user.email} was disabled.`) },
    ...(can('removeUser') && { remove: { text: 'Remove …', run: () => setRemoving(true) } }),
  };

  return (
    <>
      <ButtonDropdown
        variant="inline-icon"
        expandToViewport
        loading={update.isPending}
        ariaLabel={`Actions for ${user.email}`}
        items={Object.entries(choices).map(([id, { text }]) => ({ id, text }))}
        onItemClick={({ detail }) => choices[detail.id]?.run()}
      />
      {isRemoving && (
        <TypedConfirmation
          header={`Remove ${user.email}`}
          word={tenant.slug}
          action="Remove"
          isBusy={remove.isPending}
          error={remove.error}
          onCancel={() => setRemoving(false)}
          onConfirm={() =>
            remove.mutate(
              { params },
              {
                onSuccess: () => {
                  notify(`${user.email} was removed.`);
                  setRemoving(false);
                },
              },
            )
          }
        >
          {user.email} loses access at once, and can be invited again.
        </TypedConfirmation>
      )}
      <ProblemModal error={update.error} onDismiss={update.reset} />
    </>
  );
};
