import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useSession } from '#console/session/session.tsx';
import { Status } from '#console/shared/status.tsx';
import { TextLink } from '#console/shared/text-link.tsx';
import { Time } from '#console/shared/time.tsx';
import type { Tenant } from '#core/contract/model/tenant.ts';
import { EditRecord } from './edit-record.tsx';
import { PlacementPicture } from './placement-picture.tsx';

/** The tenant's record, failure and placement. */
export const Overview = ({ tenant }: { tenant: Tenant }) => (
  <SpaceBetween size="l">
    {tenant.failure && tenant.status !== 'active' && <FailureAlert tenant={tenant} />}
    <TenantRecord tenant={tenant} />
    <Container
      header={
        <Header variant="h2" description="What the tenant shares with others, and its isolation boundary.">
          Placement
        </Header>
      }
    >
      <PlacementPicture tenant={tenant} />
    </Container>
    <Metadata metadata={tenant.metadata} />
  </SpaceBetween>
);

const TenantRecord = ({ tenant }: { tenant: Tenant }) => {
  const { can } = useSession();
  return (
    <Container
      header={
        <Header variant="h2" actions={can('updateTenant') && <EditRecord tenant={tenant} />}>
          Record
        </Header>
      }
    >
      <KeyValuePairs columns={4} items={recordOf(tenant)} />
    </Container>
  );
};

const FailureAlert = ({ tenant: { tenantId, failure, status } }: { tenant: Tenant }) => {
  const { can } = useSession();
  if (!failure) return null;
  return (
    <Alert type={status === 'rolling-back' ? 'warning' : 'error'} header={`${failure.step} failed: ${failure.code}`}>
      {failure.message}{' '}
      {can('listOperations') && <TextLink to={`/tenants/${tenantId}/operations`}>See what was undone</TextLink>}
    </Alert>
  );
};

const recordOf = (tenant: Tenant) => [
  { label: 'Status', value: <Status of={tenant.status} /> },
  { label: 'Tier', value: tenant.tier },
  { label: 'Region', value: tenant.region },
  { label: 'Administrator', value: tenant.adminEmail },
  {
    label: 'Tenant ID',
    value: (
      <CopyToClipboard
        variant="inline"
        textToCopy={tenant.tenantId}
        copyButtonAriaLabel="Copy tenant ID"
        copySuccessText="Copied"
        copyErrorText="Copy failed"
      />
    ),
  },
  {
    label: 'Limits',
    value: tenant.limits
      ? `${tenant.limits.requestsPerSecond} per second, bursts of ${tenant.limits.burst}`
      : "The tier's",
  },
  { label: 'External ID', value: tenant.externalId ?? '–' },
  { label: 'Created', value: <Time value={tenant.createdAt} /> },
  { label: 'Updated', value: <Time value={tenant.updatedAt} /> },
];

const Metadata = ({ metadata }: Pick<Tenant, 'metadata'>) => (
  <Container header={<Header variant="h2">Metadata</Header>}>
    {Object.keys(metadata).length === 0 ? (
      <Box color="text-body-secondary">No metadata.</Box>
    ) : (
      <KeyValuePairs
        columns={4}
        items={Object.entries(metadata).map(([label, value]) => ({ label, value: String(value) }))}
      />
    )}
  </Container>
);
