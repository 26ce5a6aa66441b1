import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import Table from '@cloudscape-design/components/table';
import { useSession } from '#console/session/session.tsx';
import { useNotify } from '#console/shared/notices.ts';
import { ProblemAlert } from '#console/shared/problem.tsx';
import { ProblemModal } from '#console/shared/problem-modal.tsx';
import { Time } from '#console/shared/time.tsx';
import { useAnswer, useChange } from '#console/shared/use-api.ts';
import type { Secret } from '#core/contract/model/secret.ts';
import type { Tenant } from '#core/contract/model/tenant.ts';

const pollMs = 3_000;

/** The tenant's secrets: versions and dates, never values. */
export const Secrets = ({ tenant }: { tenant: Tenant }) => {
  const { can } = useSession();
  const params = { tenant: tenant.tenantId };
  const { data, error, refetch } = useAnswer('listSecrets', { params }, { refetchInterval: pollMs });
  if (error) return <ProblemAlert error={error} retry={() => void refetch()} />;
  if (!data) return <Spinner size="large" />;
  if (data.items.length === 0) {
    return (
      <Container header={<Header variant="h2">Secrets</Header>}>
        <Box color="text-body-secondary">This tenant has no secrets.</Box>
      </Container>
    );
  }
  return data.items.map((secret) => (
    <Container
      key={secret.path}
      header={
        <Header
          variant="h2"
          description={<code>{secret.path}</code>}
          actions={can('rotateSecrets') && tenant.status === 'active' && <RotateButton tenant={tenant} />}
        >
          {secret.name}
        </Header>
      }
    >
      <SecretFacts secret={secret} />
    </Container>
  ));
};

const SecretFacts = ({ secret }: { secret: Secret }) => (
  <SpaceBetween size="l">
    <KeyValuePairs
      columns={4}
      items={[
        { label: 'Created', value: <Time value={secret.createdAt} /> },
        { label: 'Last rotated', value: <Time value={secret.lastRotatedAt} /> },
        { label: 'Next rotation', value: <Time value={secret.nextRotationAt} /> },
        { label: 'Rotated every', value: secret.rotationDays === undefined ? '–' : `${secret.rotationDays} days` },
      ]}
    />
    <Table
      variant="embedded"
      trackBy="versionId"
      header={<Box variant="h3">Versions</Box>}
      items={secret.versions}
      columnDefinitions={columns}
    />
  </SpaceBetween>
);

type Version = Secret['versions'][number];

const columns = [
  { id: 'versionId', header: 'Version', isRowHeader: true, cell: ({ versionId }: Version) => <code>{versionId}</code> },
  { id: 'stages', header: 'Stages', cell: ({ stages }: Version) => stages.join(', ') || '–' },
  { id: 'createdAt', header: 'Created', cell: ({ createdAt }: Version) => <Time value={createdAt} /> },
];

const RotateButton = ({ tenant }: { tenant: Tenant }) => {
  const rotate = useChange('rotateSecrets');
  const notify = useNotify();
  return (
    <>
      <Button
        iconName="refresh"
        loading={rotate.isPending}
        onClick={() =>
          rotate.mutate(
            { params: { tenant: tenant.tenantId } },
            { onSuccess: ({ body }) => notify(`Rotation started (version ${body.versionId}).`) },
          )
        }
      >
        Rotate now
      </Button>
      <ProblemModal error={rotate.error} onDismiss={rotate.reset} />
    </>
  );
};
