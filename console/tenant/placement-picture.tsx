import './placement-picture.css';
import type { Tenant } from '#core/contract/model/tenant.ts';
import type { Isolation } from '#core/contract/model/tiers.ts';

interface Boundary {
  /** The boxes around the tenant's data, from the outside in. */
  cluster: string;
  namespace: string;
  /** What the tenant shares with others, and what isolates it. */
  neighbours: string;
  guard: string;
}

const boundaries: Readonly<Record<Isolation, Boundary>> = {
  pool: {
    cluster: 'Shared shard',
    namespace: 'Shared namespace',
    neighbours: 'Rows of other tenants in the same tables',
    guard: 'Forced row-level security: each row belongs to the role of its tenant',
  },
  bridge: {
    cluster: 'Shared shard',
    namespace: 'Own namespace',
    neighbours: 'Namespaces of other tenants in the same cluster',
    guard: 'A schema that no other role may use, with row-level security',
  },
  silo: {
    cluster: 'Dedicated cluster',
    namespace: 'Own namespace',
    neighbours: 'No other tenant',
    guard: 'A cluster that no other tenant may log in to, with row-level security',
  },
};

/** The tenant's placement as nested boxes; the thickest border is the isolation boundary. */
export const PlacementPicture = ({ tenant }: { tenant: Tenant }) => {
  const { isolation, placement, region, tenantId } = tenant;
  const { cluster, namespace, neighbours, guard } = boundaries[isolation];
  if (!placement) return <p>Not placed: this tenant has no data on any shard.</p>;
  return (
    <div className={`placement placement-${isolation}`}>
      <div className="placement-flow">
        <strong>Your application</strong>
        <span>
          signs in as <code>{tenantId}</code> with the tenant's secret in Secrets Manager
        </span>
        <span className="placement-arrow" aria-hidden="true">
          →
        </span>
      </div>
      <Box kind="region" label={`Region ${region}`}>
        <Box kind="cluster" label={`${cluster}: ${placement.shardId}`}>
          <Box kind="namespace" label={`${namespace}: ${placement.namespace}`}>
            <div className="placement-tenant">
              <strong>{tenant.slug}</strong>
              <span>{guard}</span>
            </div>
            {isolation === 'pool' && <div className="placement-neighbour">{neighbours}</div>}
          </Box>
          {isolation === 'bridge' && <div className="placement-neighbour">{neighbours}</div>}
        </Box>
      </Box>
      <dl className="placement-facts">
        <dt>Isolation</dt>
        <dd>{isolation}</dd>
        <dt>Shares with</dt>
        <dd>{neighbours}</dd>
        <dt>Epoch</dt>
        <dd>{placement.epoch}, grows with every move</dd>
      </dl>
    </div>
  );
};

const Box = ({ kind, label, children }: { kind: string; label: string; children: React.ReactNode }) => (
  <div className={`placement-box placement-box-${kind}`}>
    <span className="placement-label">{label}</span>
    {children}
  </div>
);
