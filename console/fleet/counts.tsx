import './counts.css';
import Box from '@cloudscape-design/components/box';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import { Status } from '#console/shared/status.tsx';
import { TextLink } from '#console/shared/text-link.tsx';
import type { Fleet } from '#core/contract/model/fleet.ts';
import { isTenantStatus, tenantStatuses } from '#core/contract/model/tenant.ts';

/** The number of tenants by status, tier and region, linked to their list. */
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
    <ColumnLayout columns={3} variant="text-grid">
      <Group title="Status" property="status" counts={statuses.map((name) => [name, fleet.byStatus[name] ?? 0])} />
      <Group title="Tier" property="tier" counts={Object.entries(fleet.byTier)} />
      <Group title="Region" counts={Object.entries(fleet.byRegion)} />
    </ColumnLayout>
  );
};

interface GroupProps {
  title: string;
  /** The filter property of the list of tenants, if it has one. */
  property?: string;
  counts: readonly (readonly [string, number])[];
}

const Group = ({ title, property, counts }: GroupProps) => (
  <div>
    <Box variant="awsui-key-label">{title}</Box>
    <dl className="counts">
      {counts.map(([name, count]) => (
        <div key={name}>
          <dt>{isTenantStatus(name) ? <Status of={name} /> : name}</dt>
          <dd>
            {property === undefined ? count : <TextLink to={`/tenants?${property}=${name}`}>{String(count)}</TextLink>}
          </dd>
        </div>
      ))}
    </dl>
  </div>
);
