import Button from '@cloudscape-design/components/button';
import { useNotify } from '#console/shared/notices.ts';
import { ProblemModal } from '#console/shared/problem-modal.tsx';
import { useChange } from '#console/shared/use-api.ts';

/** Removes a tenant's override. */
export const FreeButton = ({ tenantId, flagKey }: { tenantId: string; flagKey: string }) => {
  const free = useChange('deleteOverride');
  const notify = useNotify();
  return (
    <>
      <Button
        variant="inline-link"
        loading={free.isPending}
        ariaLabel={`Remove the override of ${flagKey} for ${tenantId}`}
        onClick={() =>
          free.mutate(
            { params: { key: flagKey, tenant: tenantId }, query: {} },
            { onSuccess: () => notify(`The override of ${flagKey} was removed.`) },
          )
        }
      >
        Remove override
      </Button>
      <ProblemModal error={free.error} onDismiss={free.reset} />
    </>
  );
};
