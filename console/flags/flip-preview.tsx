import Alert from '@cloudscape-design/components/alert';
import Header from '@cloudscape-design/components/header';
import Spinner from '@cloudscape-design/components/spinner';
import Table from '@cloudscape-design/components/table';
import { ProblemAlert } from '#console/shared/problem.tsx';
import { TextLink } from '#console/shared/text-link.tsx';
import { useAnswer } from '#console/shared/use-api.ts';
import { useSettled } from '#console/shared/use-settled.ts';
import type { Flip } from '#core/contract/model/flag-changes.ts';
import type { FlagDefinition } from '#core/contract/model/flags.ts';

/** The maximum number of flips shown; their total is always shown. */
const shown = 100;

/** The tenants whose value a change would flip, updated as the user types. */
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
      <Alert type="success" header="No tenants affected">
        Every tenant keeps its current value.
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
          description={
            data.count > data.flips.length ? `Showing the first ${data.flips.length} of ${data.count}.` : undefined
          }
        >
          Tenants that will flip
        </Header>
      }
      items={data.flips}
      columnDefinitions={columnsFor(flagKey)}
      wrapLines
    />
  );
};

const servedText = ({ variant, value }: Flip['from']) =>
  variant === null ? "the application's default" : `${variant} (${JSON.stringify(value)})`;

/** A change to one flag can flip others that have it as a prerequisite. */
const columnsFor = (edited: string) => [
  {
    id: 'slug',
    header: 'Tenant',
    isRowHeader: true,
    cell: ({ tenantId, slug, flagKey }: Flip) => (
      <>
        <TextLink to={`/tenants/${tenantId}/flags`}>{slug}</TextLink>
        {flagKey !== edited && <div>{flagKey}</div>}
      </>
    ),
  },
  { id: 'flip', header: 'From → to', cell: ({ from, to }: Flip) => `${servedText(from)} → ${servedText(to)}` },
];
