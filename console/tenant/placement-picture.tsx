import './placement-picture.css';
import type { Tenant } from '#core/contract/model/tenant.ts';
import type { Isolation } from '#core/contract/model/tiers.ts';

interface Boundary {
  /** What stands around the tenant's data, from the outside in. */
  cluster: string;
  namespace: string;
  /** What others share of it, and what keeps them out. */
  neighbours: string;
  guard: string;
}

const boundaries: Readonly<Record<Isolation, Boundary>> = {
  pool: {
    cluster: 'Shared shard',
    namespace: 'Shared namespace',
    neighbours: 'Rows of other tenants, in the same tables',
    guard: 'Forced row-level security: each row belongs to the role of its tenant',
  },
  bridge: {
    cluster: 'Shared shard',
    namespace: 'Namespace of its own',
    neighbours: 'Namespaces of other tenants, in the same cluster',
    guard: 'A schema nobody else may use, and row-level security within it',
  },
  silo: {
    cluster: 'Cluster of its own',
    namespace: 'Namespace of its own',
    neighbours: 'Nobody else',
    guard: 'A cluster nobody else may sign in to, and row-level security within it',
  },
};

/** Where the tenant lives, as boxes within boxes: the strongest line is the boundary that keeps it apart. */
export const PlacementPicture = ({ tenant }: { tenant: Tenant }) => {
  const { isolation, placement, region, tenantId } = tenant;
  const { cluster, namespace, neighbours, guard } = boundaries[isolation];
  if (!placement) return <p>It has no place: nothing of it is kept on any shard.</p>;
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
