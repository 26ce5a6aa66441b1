import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import { useMutation } from '@tanstack/react-query';
import { useSession } from '#console/session/session.tsx';
import { ProblemAlert } from '#console/shared/problem.tsx';
import type { AuditVerification } from '#core/contract/api/audit-query.ts';

/** Has the API walk the chain, and says whether every event is as it was written. */
export const VerifyButton = ({ tenantId }: { tenantId: string }) => {
  const { api } = useSession();
  const verify = useMutation({
    mutationFn: async () => (await api.call('verifyTenantAudit', { params: { tenant: tenantId } })).body,
  });
  return (
    <>
      <Button iconName="check" loading={verify.isPending} onClick={() => verify.mutate()}>
        Verify
      </Button>
      <Modal
        visible={verify.isSuccess || verify.isError}
        header="Verification of the audit chain"
        onDismiss={verify.reset}
        footer={<Button onClick={verify.reset}>Close</Button>}
      >
        {verify.error && <ProblemAlert error={verify.error} />}
        {verify.data && <Verdict verification={verify.data} />}
      </Modal>
    </>
  );
};

const Verdict = ({ verification: { valid, events, fault } }: { verification: AuditVerification }) =>
  valid ? (
    <Alert type="success" header="Nothing was changed">
      {events === 1 ? 'The one event is' : `All ${events} events are`} as written: each carries the hash of the one
      before it.
    </Alert>
  ) : (
    <Alert type="error" header={fault ? `Event ${fault.seq}: ${fault.kind}` : 'The chain does not hold'}>
      {fault?.message} {events} events before it hold together.
    </Alert>
  );
