import Box from '@cloudscape-design/components/box';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import { Status } from '#console/shared/status.tsx';
import { TextLink } from '#console/shared/text-link.tsx';
import type { Fleet } from '#core/contract/fleet.ts';
import { isTenantStatus, tenantStatuses } from '#core/contract/tenant.ts';

/** How many tenants there are of each kind, each number a way to them. */
export const Counts = ({ fleet }: { fleet: Fleet }) => {
  if (fleet.tenants === 0) {
    return (
      <Box>
        There are no tenants yet. <TextLink to="/tenants/new">Onboard the first one</TextLink>
      </Box>
    );
  }
  const statuses = tenantStatuses.filter((status) => fleet.byStatus[status]);
  return (
    <KeyValuePairs
      columns={3}
      items={[
        {
          type: 'group',
          title: 'Status',
          items: statuses.map((name) => pair('status', name, fleet.byStatus[name] ?? 0)),
        },
        { type: 'group', title: 'Tier', items: pairs('tier', fleet.byTier) },
        { type: 'group', title: 'Region', items: pairs('region', fleet.byRegion) },
      ]}
    />
  );
};

const pairs = (property: string, counts: Readonly<Record<string, number>>) =>
  Object.entries(counts)
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([name, count]) => pair(property, name, count));

/** The list of tenants can be asked by status and by tier. */
const isSearchable = (property: string) => property !== 'region';

const pair = (property: string, name: string, count: number) => ({
  label: isTenantStatus(name) ? <Status of={name} /> : name,
  value: isSearchable(property) ? (
    <TextLink to={`/tenants?${property}=${name}`} variant="awsui-value-large">
      {String(count)}
    </TextLink>
  ) : (
    <Box variant="awsui-value-large">{count}</Box>
  ),
});
