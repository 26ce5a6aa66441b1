import { type OperationId, routes } from '#core/contract/api/routes.ts';

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
  headers?: Record<string, string>;
  /** What the operation answers to one who may call it, in whatever state the tenant is. */
  done: readonly number[];
}

const read: Sample = { done: [200] };
const knownFlag: Sample = { params: { key: 'legacy-export' }, done: [200] };
const noFlag: Sample = { params: { key: 'no-such-flag' }, done: [404] };
const brokenFlag = { state: 'ENABLED', variants: { on: true }, defaultVariant: 'no-such-variant' };
const knownRule: Sample = { params: { name: 'paying' }, done: [200] };
const noProposal: Sample = { params: { proposal: 'fp_unknown' }, done: [404] };
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
  // With a key that is none, it is refused once the tenant is found.
  suspendTenant: () => ({ body: {}, headers: { 'idempotency-key': 'no key' }, done: [400] }),
  resumeTenant: () => ({ body: {}, headers: { 'idempotency-key': 'no key' }, done: [400] }),
  listAllOperations: () => read,
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
  listFlags: () => read,
  getFlag: () => knownFlag,
  putFlag: () => ({ ...knownFlag, body: brokenFlag, done: [400] }),
  deleteFlag: () => noFlag,
  previewFlag: () => ({ ...knownFlag, body: { state: 'DISABLED', variants: { on: true } } }),
  killFlag: () => noFlag,
  revertFlag: () => ({ ...noFlag, body: { version: 1 } }),
  listFlagVersions: () => knownFlag,
  listFlagAudit: () => knownFlag,
  verifyFlagAudit: () => knownFlag,
  verifyFlagSetAudit: () => read,
  listFlagOverrides: () => knownFlag,
  putOverride: () => ({ ...knownFlag, body: { variant: 'no-such-variant', reason: 'matrix' }, done: [400] }),
  deleteOverride: () => ({ ...knownFlag, done: [404] }),
  listTenantFlags: () => read,
  listEvaluators: () => read,
  getEvaluator: () => knownRule,
  putEvaluator: () => ({ ...knownRule, body: { rule: { 'no-such-operator': [] } }, done: [400] }),
  deleteEvaluator: () => ({ params: { name: 'no-such-rule' }, done: [404] }),
  previewEvaluator: () => ({ ...knownRule, body: { rule: { '!': [true] } } }),
  getFlagSet: () => read,
  putFlagSet: () => ({ body: { flags: { broken: brokenFlag } }, done: [400] }),
  listFlagSetAudit: () => read,
  listProposals: () => read,
  getProposal: () => noProposal,
  approveProposal: () => noProposal,
  rejectProposal: () => noProposal,
  listShards: () => read,
  createShard: () => ({
    body: { shardId: 'shared-1', class: 'dedicated', region, endpoint },
    done: [409],
  }),
  updateShard: () => ({ params: { shard: 'shared-1' }, body: { state: 'open' }, done: [200, 409] }),
  getFleet: () => read,
  evaluateFlag: () => ({ ...knownFlag, body: {} }),
  evaluateFlags: () => ({ ...read, body: {} }),
  getMe: () => read,
  getOpenApi: () => read,
  getHealth: () => read,
};

/** The request of an operation for a tenant. */
export const requestOf = (operationId: OperationId, target: Target) => {
  const { params = {}, query, body, headers = {}, done } = samples[operationId](target);
  const named: Record<string, string> = { tenant: target.tenantId, operation: target.operationId, ...params };
  const path = routes[operationId].path.replace(/\{(\w+)\}/g, (_all, name: string) =>
    encodeURIComponent(named[name] ?? ''),
  );
  return { path: query ? `${path}?${query}` : path, body, headers, done };
};
