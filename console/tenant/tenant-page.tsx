import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import Tabs from '@cloudscape-design/components/tabs';
import { useNavigate, useParams } from 'react-router';
import { TenantAudit } from '#console/audit/tenant-audit.tsx';
import { TenantFlags } from '#console/flags/tenant-flags.tsx';
import { Secrets } from '#console/secrets/secrets.tsx';
import { useSession } from '#console/session/session.tsx';
import { useLeaf } from '#console/shared/leaf.ts';
import { ProblemAlert } from '#console/shared/problem.tsx';
import { Status } from '#console/shared/status.tsx';
import { useAnswer } from '#console/shared/use-api.ts';
import { useTitle } from '#console/shared/use-title.ts';
import { NotFound } from '#console/shell/not-found.tsx';
import { Users } from '#console/users/users.tsx';
import { ProblemError } from '#core/contract/api/client.ts';
import type { OperationId } from '#core/contract/api/routes.ts';
import type { Tenant } from '#core/contract/model/tenant.ts';
import { Operations } from './operations.tsx';
import { Overview } from './overview.tsx';
import { RetryButton } from './retry-button.tsx';
import { ResumeButton, SuspendButton, SuspensionBanner } from './suspension.tsx';
import { isMoving } from './tenant-state.ts';

const tabs: readonly {
  id: string;
  label: string;
  needs: OperationId;
  View: (props: { tenant: Tenant }) => React.ReactNode;
}[] = [
  { id: 'overview', label: 'Overview', needs: 'getTenant', View: Overview },
  { id: 'operations', label: 'Operations', needs: 'listOperations', View: Operations },
  { id: 'flags', label: 'Flags', needs: 'listTenantFlags', View: TenantFlags },
  { id: 'audit', label: 'Audit', needs: 'listTenantAudit', View: TenantAudit },
  { id: 'users', label: 'Users', needs: 'listUsers', View: Users },
  { id: 'secrets', label: 'Secrets', needs: 'listSecrets', View: Secrets },
];

/** One tenant, with the tabs that the user's role may see. */
export const TenantPage = () => {
  const { tenant: reference = '' } = useParams();
  const {
    data: tenant,
    error,
    refetch,
  } = useAnswer(
    'getTenant',
    { params: { tenant: reference } },
    { refetchInterval: ({ state }) => (state.data && isMoving(state.data) ? 700 : 15_000) },
  );
  useTitle(tenant?.slug ?? 'Tenant');
  if (error instanceof ProblemError && error.status === 404) return <NotFound />;
  if (error && !tenant) return <ProblemAlert error={error} retry={() => void refetch()} />;
  if (!tenant) return <Spinner size="large" />;
  return <KnownTenant tenant={tenant} reference={reference} />;
};

const KnownTenant = ({ tenant, reference }: { tenant: Tenant; reference: string }) => {
  const { can } = useSession();
  const navigate = useNavigate();
  useLeaf(tenant.slug);
  const { tab = 'overview' } = useParams();
  const shown = tabs.filter(({ needs }) => can(needs));
  if (!shown.some(({ id }) => id === tab)) return <NotFound />;
  return (
    <SpaceBetween size="m">
      <Header
        variant="h1"
        description={tenant.slug}
        info={<Status of={tenant.status} />}
        actions={<TenantActions tenant={tenant} />}
      >
        {tenant.name}
      </Header>
      <SuspensionBanner tenant={tenant} />
      <Tabs
        activeTabId={tab}
        ariaLabel={`Details of ${tenant.slug}`}
        onChange={({ detail }) =>
          void navigate(`/tenants/${reference}${detail.activeTabId === 'overview' ? '' : `/${detail.activeTabId}`}`)
        }
        tabs={shown.map(({ id, label, View }) => ({ id, label, content: <View tenant={tenant} /> }))}
      />
    </SpaceBetween>
  );
};

/** What the user may do in the tenant's current state. */
const TenantActions = ({ tenant }: { tenant: Tenant }) => {
  const { can } = useSession();
  if (tenant.status === 'failed' && can('retryTenant')) return <RetryButton tenant={tenant} />;
  if (tenant.status === 'active' && can('suspendTenant')) return <SuspendButton tenant={tenant} />;
  if (tenant.status === 'suspended' && can('resumeTenant')) return <ResumeButton tenant={tenant} />;
  return null;
};
