import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import { useState } from 'react';
import { FormModal } from '#console/shared/form-modal.tsx';
import { useNotify } from '#console/shared/notices.ts';
import { ProblemAlert } from '#console/shared/problem.tsx';
import { useChange } from '#console/shared/use-api.ts';
import { ProblemError } from '#core/contract/api/client.ts';
import type { TenantRole } from '#core/contract/api/roles.ts';
import type { Tenant } from '#core/contract/model/tenant.ts';
import { invitationSchema } from '#core/contract/model/user.ts';

const roles: readonly { value: TenantRole; label: string; description: string }[] = [
  { value: 'tenant-member', label: 'Member', description: "Reads the tenant's record" },
  { value: 'tenant-admin', label: 'Administrator', description: 'Reads all data of the tenant and manages its users' },
];

/** Invites a user by e-mail address. */
export const InviteModal = ({ tenant, onDone }: { tenant: Tenant; onDone: () => void }) => {
  const invite = useChange('inviteUser');
  const notify = useNotify();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<TenantRole>('tenant-member');
  const [errorText, setErrorText] = useState<string>();

  const send = () => {
    const invitation = invitationSchema.safeParse({ email, role });
    if (!invitation.success) return setErrorText('Enter an e-mail address.');
    invite.mutate(
      { params: { tenant: tenant.tenantId }, body: invitation.data },
      {
        onSuccess: () => {
          notify(`${email} was invited.`);
          onDone();
        },
        onError: (error) => {
          if (error instanceof ProblemError && error.problem.code === 'user_exists') setErrorText(error.problem.detail);
        },
      },
    );
  };

  return (
    <FormModal
      header={`Invite a user to ${tenant.slug}`}
      action="Invite"
      isBusy={invite.isPending}
      onCancel={onDone}
      onSend={send}
    >
      <FormField label="E-mail address" errorText={errorText}>
        <Input
          type="email"
          value={email}
          autoFocus
          placeholder="bob@acme.example"
          onChange={({ detail }) => {
            setEmail(detail.value);
            setErrorText(undefined);
          }}
        />
      </FormField>
      <FormField label="Role">
        <RadioGroup
          value={role}
          items={[...roles]}
          onChange={({ detail }) => setRole(roles.find(({ value }) => value === detail.value)?.value ?? role)}
        />
      </FormField>
      {invite.error && errorText === undefined && <ProblemAlert error={invite.error} />}
    </FormModal>
  );
};
