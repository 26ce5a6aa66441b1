import Button from '@cloudscape-design/components/button';
import { useNotify } from '#console/shared/notices.ts';
import { ProblemModal } from '#console/shared/problem-modal.tsx';
import { useChange } from '#console/shared/use-api.ts';

/** Lets the rule decide for the tenant again. */
export const FreeButton = ({ tenantId, flagKey }: { tenantId: string; flagKey: string }) => {
  const free = useChange('deleteOverride');
  const notify = useNotify();
  return (
    <>
      <Button
        variant="inline-link"
        loading={free.isPending}
        ariaLabel={`Let the rule of ${flagKey} decide for ${tenantId} again`}
        onClick={() =>
          free.mutate(
            { params: { key: flagKey, tenant: tenantId }, query: {} },
            { onSuccess: () => notify(`The rule of ${flagKey} decides again.`) },
          )
        }
      >
        Set free
      </Button>
      <ProblemModal error={free.error} onDismiss={free.reset} />
    </>
  );
};
