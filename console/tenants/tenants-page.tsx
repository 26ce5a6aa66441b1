import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import PropertyFilter from '@cloudscape-design/components/property-filter';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMemo } from 'react';
import { useNavigate } from 'react-router';
import { useSession } from '#console/session/session.tsx';
import { filterProperty } from '#console/shared/filter-property.ts';
import { ListTable } from '#console/shared/list-table.tsx';
import { RefreshButton } from '#console/shared/refresh-button.tsx';
import { useFilter } from '#console/shared/use-filter.ts';
import { usePages } from '#console/shared/use-pages.ts';
import { useTitle } from '#console/shared/use-title.ts';
import { tenantStatuses } from '#core/contract/model/tenant.ts';
import { tenantColumns } from './tenant-columns.tsx';
import { type TenantQuery, tenantOrderOf, tenantQueryOf, tokensOf } from './tenant-query.ts';

/** The tenants that the user may see; by default, by creation time. */
export const TenantsPage = () => {
  useTitle('Tenants');
  const { can } = useSession();
  const navigate = useNavigate();
  const [address, narrow] = useFilter();
  const tokens = useMemo(() => tokensOf(address), [address]);
  const filter = useMemo(() => tenantQueryOf(tokens), [tokens]);
  const { sort, order } = tenantOrderOf(address);
  const pages = usePages('listTenants', { query: { ...filter, sort, order } });
  const create = can('createTenant') && (
    <Button variant="primary" onClick={() => void navigate('/tenants/new')}>
      Onboard a tenant
    </Button>
  );

  return (
    <ListTable
      name="tenants"
      trackBy="tenantId"
      pages={pages}
      columns={tenantColumns}
      hidden={['isolation', 'region', 'tenantId', 'externalId', 'updatedAt']}
      header={
        <Header
          variant="h1"
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <RefreshButton pages={pages} />
              {create}
            </SpaceBetween>
          }
        >
          Tenants
        </Header>
      }
      filter={<TenantFilter tokens={tokens} onChange={(next) => narrow({ ...next, sort, order })} />}
      sorting={{ sort, order, onChange: (next) => narrow({ ...filter, ...next }) }}
      empty={
        tokens.length > 0 ? (
          'No tenants match the filter.'
        ) : (
          <SpaceBetween size="s">
            <div>There are no tenants yet.</div>
            {create}
          </SpaceBetween>
        )
      }
    />
  );
};

interface TenantFilterProps {
  tokens: ReturnType<typeof tokensOf>;
  onChange: (query: TenantQuery) => void;
}

const TenantFilter = ({ tokens, onChange }: TenantFilterProps) => {
  const { config } = useSession();
  const options = [
    ...tenantStatuses.map((value) => ({ propertyKey: 'status', value })),
    ...Object.keys(config.tiers).map((value) => ({ propertyKey: 'tier', value })),
  ];
  return (
    <PropertyFilter
      query={{ tokens, operation: 'and' }}
      onChange={({ detail }) => onChange(tenantQueryOf(detail.tokens))}
      filteringProperties={[
        filterProperty('status', 'Status'),
        filterProperty('tier', 'Tier'),
        filterProperty('shard', 'Shard'),
      ]}
      filteringOptions={options}
      hideOperations
      customGroupsText={[]}
      filteringPlaceholder="Find by slug, name, status, tier or shard"
      filteringAriaLabel="Find tenants"
    />
  );
};
