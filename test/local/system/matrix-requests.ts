import { type OperationId, routes } from '#core/contract/routes.ts';

/** A tenant that is asked for, and what of it a path may name. */
export interface Target {
  tenantId: string;
  adminEmail: string;
  operationId: string;
}

interface Sample {
  /** Parameters of the path besides the tenant and the operation. */
  params?: Record<string, string>;
  query?: string;
  body?: unknown;
  /** What the operation answers to one who may call it, in whatever state the tenant is. */
  done: readonly number[];
}

const read: Sample = { done: [200] };
const region = 'us-east-1';
const endpoint = { host: '127.0.0.1', port: 1, database: 'app', tls: false };

/** A request of each operation that is well formed and, where it is let through, changes nothing that a later one sees. */
const samples: Readonly<Record<OperationId, (target: Target) => Sample>> = {
  createTenant: () => ({
    body: { slug: 'matrix', name: 'Matrix', tier: 'no-such-tier', adminEmail: 'a@matrix.example' },
    done: [400],
  }),
  listTenants: () => read,
  getTenant: () => read,
  updateTenant: () => ({ body: { name: 'Matrix' }, done: [200, 409] }),
  retryTenant: () => ({ done: [409] }),
  listOperations: () => read,
  getOperation: () => read,
  listTenantAudit: () => read,
  verifyTenantAudit: () => read,
  exportTenantAudit: () => read,
  listSystemAudit: () => read,
  listSecrets: () => read,
  // One that is under way refuses the next.
  rotateSecrets: () => ({ done: [202, 409, 503] }),
  listUsers: () => read,
  inviteUser: () => ({ body: { email: 'matrix@people.example', role: 'tenant-member' }, done: [201, 409] }),
  updateUser: ({ adminEmail }) => ({ params: { user: adminEmail }, body: { role: 'tenant-admin' }, done: [200, 409] }),
  removeUser: ({ adminEmail }) => ({ params: { user: adminEmail }, done: [409] }),
  listShards: () => read,
  createShard: () => ({
    body: { shardId: 'shared-1', class: 'dedicated', region, endpoint },
    done: [409],
  }),
  updateShard: () => ({ params: { shard: 'shared-1' }, body: { state: 'open' }, done: [200, 409] }),
  getFleet: () => read,
  getMe: () => read,
  getOpenApi: () => read,
  getHealth: () => read,
};

/** The request of an operation for a tenant. */
export const requestOf = (operationId: OperationId, target: Target) => {
  const { params = {}, query, body, done } = samples[operationId](target);
  const named: Record<string, string> = { tenant: target.tenantId, operation: target.operationId, ...params };
  const path = routes[operationId].path.replace(/\{(\w+)\}/g, (_all, name: string) =>
    encodeURIComponent(named[name] ?? ''),
  );
  return { path: query ? `${path}?${query}` : path, body, done };
};
