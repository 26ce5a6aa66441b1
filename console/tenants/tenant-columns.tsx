import { Status } from '#console/shared/status.tsx';
import { TextLink } from '#console/shared/text-link.tsx';
import { Time } from '#console/shared/time.tsx';
import type { Tenant } from '#core/contract/model/tenant.ts';

const plain = (id: string, header: string, textOf: (tenant: Tenant) => string | undefined, width?: number) => ({
  id,
  header,
  cell: (tenant: Tenant) => textOf(tenant) ?? '–',
  ...(width !== undefined && { minWidth: width }),
});

export const tenantColumns = [
  {
    id: 'slug',
    header: 'Slug',
    sortingField: 'slug',
    isRowHeader: true,
    minWidth: 140,
    cell: (tenant: Tenant) => <TextLink to={`/tenants/${tenant.tenantId}`}>{tenant.slug}</TextLink>,
  },
  plain('name', 'Name', ({ name }) => name, 160),
  { id: 'status', header: 'Status', minWidth: 130, cell: ({ status }: Tenant) => <Status of={status} /> },
  plain('tier', 'Tier', ({ tier }) => tier, 100),
  plain('shard', 'Shard', ({ placement }) => placement?.shardId, 110),
  {
    id: 'createdAt',
    header: 'Created',
    sortingField: 'createdAt',
    minWidth: 170,
    cell: ({ createdAt }: Tenant) => <Time value={createdAt} />,
  },
  plain('isolation', 'Isolation', ({ isolation }) => isolation, 100),
  plain('region', 'Region', ({ region }) => region, 100),
  plain('tenantId', 'Tenant ID', ({ tenantId }) => tenantId),
  plain('externalId', 'External ID', ({ externalId }) => externalId),
  { id: 'updatedAt', header: 'Changed', minWidth: 170, cell: ({ updatedAt }: Tenant) => <Time value={updatedAt} /> },
];
