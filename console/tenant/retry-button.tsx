import Button from '@cloudscape-design/components/button';
import { useNavigate } from 'react-router';
import { useNotify } from '#console/shared/notices.ts';
import { ProblemModal } from '#console/shared/problem-modal.tsx';
import { useChange } from '#console/shared/use-api.ts';
import type { Tenant } from '#core/contract/model/tenant.ts';

/** Retries a failed onboarding, and opens its operations. */
export const RetryButton = ({ tenant }: { tenant: Tenant }) => {
  const retry = useChange('retryTenant');
  const navigate = useNavigate();
  const notify = useNotify();
  const start = () =>
    retry.mutate(
      { params: { tenant: tenant.tenantId } },
      {
        onSuccess: () => {
          notify(`The onboarding of ${tenant.slug} was restarted.`);
          void navigate(`/tenants/${tenant.tenantId}/operations`);
        },
      },
    );
  return (
    <>
      <Button variant="primary" iconName="redo" loading={retry.isPending} onClick={start}>
        Retry onboarding
      </Button>
      <ProblemModal error={retry.error} onDismiss={retry.reset} />
    </>
  );
};
