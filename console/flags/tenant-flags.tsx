import Badge from '@cloudscape-design/components/badge';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useState } from 'react';
import { useSession } from '#console/session/session.tsx';
import { ProblemAlert } from '#console/shared/problem.tsx';
import { TextLink } from '#console/shared/text-link.tsx';
import { useAnswer } from '#console/shared/use-api.ts';
import type { Evaluation } from '#core/contract/model/flags.ts';
import type { Tenant } from '#core/contract/model/tenant.ts';
import { FreeButton } from './free-button.tsx';
import { OverrideModal } from './override-modal.tsx';

/** Changes appear within two seconds. */
const pollMs = 1_000;

/** Every flag evaluated for the tenant, with the reason. */
export const TenantFlags = ({ tenant }: { tenant: Tenant }) => {
  const { can } = useSession();
  const { data, error, isPending, refetch } = useAnswer(
    'listTenantFlags',
    { params: { tenant: tenant.tenantId } },
    { refetchInterval: pollMs },
  );
  if (error) return <ProblemAlert error={error} retry={() => void refetch()} />;
  const key = {
    id: 'key',
    header: 'Flag',
    isRowHeader: true,
    cell: ({ key: name }: Evaluation) =>
      can('getFlag') ? <TextLink to={`/flags/${encodeURIComponent(name)}`}>{name}</TextLink> : name,
  };
  const change = {
    id: 'change',
    header: 'Actions',
    cell: (evaluation: Evaluation) => <ChangeFlag tenant={tenant} evaluation={evaluation} />,
  };
  return (
    <Table
      trackBy="key"
      loading={isPending}
      loadingText="Loading flags"
      items={data?.items ?? []}
      header={<Header variant="h2">Flags</Header>}
      columnDefinitions={[key, ...columns, ...(can('putOverride') ? [change] : [])]}
      empty="There are no flags."
    />
  );
};

const columns = [
  { id: 'variant', header: 'Variant', cell: ({ variant }: Evaluation) => variant ?? '–' },
  {
    id: 'value',
    header: 'Value',
    cell: ({ value }: Evaluation) =>
      value === undefined ? "the application's own default" : <code>{JSON.stringify(value)}</code>,
  },
  {
    id: 'reason',
    header: 'Reason',
    cell: ({ overridden, reason, errorDetails }: Evaluation) =>
      overridden ? <Badge color="blue">override</Badge> : (errorDetails ?? reason.toLowerCase().replaceAll('_', ' ')),
  },
];

const ChangeFlag = ({ tenant, evaluation: { key, overridden } }: { tenant: Tenant; evaluation: Evaluation }) => {
  const [isOpen, setOpen] = useState(false);
  return (
    <SpaceBetween direction="horizontal" size="s">
      <Button variant="inline-link" ariaLabel={`Override ${key} for ${tenant.slug}`} onClick={() => setOpen(true)}>
        Override
      </Button>
      {overridden && <FreeButton tenantId={tenant.tenantId} flagKey={key} />}
      {isOpen && <KnownFlagModal tenant={tenant} flagKey={key} onDone={() => setOpen(false)} />}
    </SpaceBetween>
  );
};

/** Loads the flag, whose definition has the variants to choose from. */
const KnownFlagModal = ({ tenant, flagKey, onDone }: { tenant: Tenant; flagKey: string; onDone: () => void }) => {
  const { data: flag } = useAnswer('getFlag', { params: { key: flagKey } });
  return flag ? <OverrideModal flag={flag} tenant={tenant} onDone={onDone} /> : null;
};
