import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useSession } from '#console/session/session.tsx';
import { FormModal } from '#console/shared/form-modal.tsx';
import { useNotify } from '#console/shared/notices.ts';
import { ProblemAlert } from '#console/shared/problem.tsx';
import { TextLink } from '#console/shared/text-link.tsx';
import { Time } from '#console/shared/time.tsx';
import { TypedConfirmation } from '#console/shared/typed-confirmation.tsx';
import { useChange } from '#console/shared/use-api.ts';
import type { Tenant } from '#core/contract/model/tenant.ts';

/** Since when, why and by which operation the tenant is suspended. */
export const SuspensionBanner = ({ tenant: { suspension } }: { tenant: Tenant }) => {
  const { can } = useSession();
  if (!suspension) return null;
  const { since, reason, operationId } = suspension;
  return (
    <Alert
      type="warning"
      header={
        <>
          Suspended since <Time value={since} />
        </>
      }
    >
      {reason ?? 'No reason was given.'}{' '}
      {can('getOperation') && <TextLink to={`/operations/${operationId}`}>See the suspension</TextLink>}
    </Alert>
  );
};

/** Starts the operation, and then opens the tenant's operations. */
const useStart = (operationId: 'suspendTenant' | 'resumeTenant', tenant: Tenant, notice: string) => {
  const { mutate, reset, isPending, error } = useChange(operationId);
  const [reason, setReason] = useState('');
  const [isOpen, setOpen] = useState(false);
  const navigate = useNavigate();
  const notify = useNotify();
  const close = () => {
    setOpen(false);
    setReason('');
    reset();
  };
  const start = () =>
    mutate(
      { params: { tenant: tenant.tenantId }, body: reason.trim() === '' ? {} : { reason: reason.trim() } },
      {
        onSuccess: () => {
          close();
          notify(notice);
          void navigate(`/tenants/${tenant.tenantId}/operations`);
        },
      },
    );
  const field = (
    <FormField label="Reason" description="Optional. Shown on this page, the operation and the audit event.">
      <Input value={reason} onChange={({ detail }) => setReason(detail.value)} />
    </FormField>
  );
  return { isOpen, open: () => setOpen(true), close, start, field, isBusy: isPending, error };
};

/** Suspends the tenant, after a confirmation that says what stops and what stays. */
export const SuspendButton = ({ tenant }: { tenant: Tenant }) => {
  const { isOpen, open, close, start, field, isBusy, error } = useStart(
    'suspendTenant',
    tenant,
    `${tenant.slug} is suspended.`,
  );
  return (
    <>
      <Button onClick={open}>Suspend</Button>
      {isOpen && (
        <TypedConfirmation
          header={`Suspend ${tenant.slug}?`}
          word={tenant.slug}
          action="Suspend"
          isBusy={isBusy}
          error={error}
          onCancel={close}
          onConfirm={start}
        >
          <SpaceBetween size="m">
            <div>
              What stops:
              <ul>
                <li>its users are signed out, and the API and flags refuse them</li>
                <li>its event streams end</li>
                <li>its database login is closed, and its database sessions end</li>
                <li>its AWS credentials are refused, usually within seconds</li>
              </ul>
              Its data and secrets stay. You can resume it at any time.
            </div>
            {field}
          </SpaceBetween>
        </TypedConfirmation>
      )}
    </>
  );
};

/** Resumes the suspended tenant. */
export const ResumeButton = ({ tenant }: { tenant: Tenant }) => {
  const { isOpen, open, close, start, field, isBusy, error } = useStart(
    'resumeTenant',
    tenant,
    `${tenant.slug} is being resumed.`,
  );
  return (
    <>
      <Button variant="primary" onClick={open}>
        Resume
      </Button>
      {isOpen && (
        <FormModal header={`Resume ${tenant.slug}?`} action="Resume" isBusy={isBusy} onCancel={close} onSend={start}>
          <div>
            Its database login opens again. Once its health check passes, it is active and its users can sign in. If a
            step fails, it stays suspended.
          </div>
          {field}
          {error && <ProblemAlert error={error} />}
        </FormModal>
      )}
    </>
  );
};
