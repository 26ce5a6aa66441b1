import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import { useMutation } from '@tanstack/react-query';
import { useSession } from '#console/session/session.tsx';
import { ProblemAlert } from '#console/shared/problem.tsx';
import type { AuditVerification } from '#core/contract/api/audit-query.ts';

/** Verifies the audit chain and shows the result. */
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
    <Alert type="success" header="Audit chain verified">
      {events === 1 ? 'The only event is' : `All ${events} events are`} unchanged: the hashes match.
    </Alert>
  ) : (
    <Alert type="error" header={fault ? `Event ${fault.seq}: ${fault.kind}` : 'The audit chain is broken'}>
      {fault?.message}. The {events} events before it are valid.
    </Alert>
  );
