import Alert from '@cloudscape-design/components/alert';
import Header from '@cloudscape-design/components/header';
import Spinner from '@cloudscape-design/components/spinner';
import Table from '@cloudscape-design/components/table';
import { ProblemAlert } from '#console/shared/problem.tsx';
import { TextLink } from '#console/shared/text-link.tsx';
import { useAnswer } from '#console/shared/use-api.ts';
import { useSettled } from '#console/shared/use-settled.ts';
import type { Flip } from '#core/contract/flag-changes.ts';
import type { FlagDefinition } from '#core/contract/flags.ts';

/** So many flips are shown; their number is told in any case. */
const shown = 100;

/** Who would be given another value, while the change is still being typed. */
export const FlipPreview = ({ flagKey, definition }: { flagKey: string; definition: FlagDefinition }) => {
  const settled = useSettled(definition, 400);
  const { data, error } = useAnswer('previewFlag', {
    params: { key: flagKey },
    query: { limit: shown },
    body: settled,
  });
  if (error) return <ProblemAlert error={error} />;
  if (!data) return <Spinner size="large" />;
  if (data.count === 0) {
    return (
      <Alert type="success" header="Nobody is touched">
        Every tenant keeps the value it has.
      </Alert>
    );
  }
  return (
    <Table
      trackBy={({ tenantId, flagKey: key }) => `${tenantId} ${key}`}
      header={
        <Header
          variant="h2"
          counter={`(${data.tenants} ${data.tenants === 1 ? 'tenant' : 'tenants'})`}
          description={data.count > data.flips.length ? `The first ${data.flips.length} of ${data.count}.` : undefined}
        >
          Tenants that will flip
        </Header>
      }
      items={data.flips}
      columnDefinitions={columns}
    />
  );
};

const servedText = ({ variant, value }: Flip['from']) =>
  variant === null ? "the application's own default" : `${variant} (${JSON.stringify(value)})`;

const columns = [
  {
    id: 'slug',
    header: 'Tenant',
    isRowHeader: true,
    cell: ({ tenantId, slug }: Flip) => <TextLink to={`/tenants/${tenantId}/flags`}>{slug}</TextLink>,
  },
  { id: 'flag', header: 'Flag', cell: ({ flagKey }: Flip) => flagKey },
  { id: 'from', header: 'From', cell: ({ from }: Flip) => servedText(from) },
  { id: 'to', header: 'To', cell: ({ to }: Flip) => servedText(to) },
];
