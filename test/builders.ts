import type { APIGatewayEventRequestContextV2 } from 'aws-lambda';
import { auditItem, chainEvents, emptyHead } from '#core/audit/audit-chain.ts';
import type { AuditDraft, Cause, Item } from '#core/change.ts';
import type { AuditEvent } from '#core/contract/events/catalogue.ts';
import type { FlagDefinition, Rule } from '#core/contract/model/flags.ts';
import type { Step } from '#core/contract/model/operation.ts';
import type { Shard, ShardRegistration } from '#core/contract/model/shard.ts';
import type { OnboardingRequest } from '#core/contract/model/tenant.ts';
import type { Config } from '#core/contract/model/tiers.ts';
import type { User } from '#core/contract/model/user.ts';
import { emptyFlagSet, type FlagSet } from '#core/flags/flag-set.ts';
import { patchFlagSet, type SetPatch } from '#core/flags/patch-flag-set.ts';
import { stepsOf } from '#core/operation/kinds.ts';
import type { Resource, ResourceKind } from '#core/operation/ledger.ts';
import type { OperationRecord } from '#core/operation/operation.ts';
import type { TenantRecord } from '#core/tenant/tenant-record.ts';
import type { HttpEvent } from '#functions/shell/http.ts';

export const noon = '2026-11-22T12:00:00.000Z';
export const later = '2026-11-22T12:00:01.000Z';
export const tenantId = 'tn_01jdaa0000000000000000000a';
export const otherTenantId = 'tn_01jdaa0000000000000000000b';
export const operationId = 'op_01jdaa0000000000000000000a';

export const aCause = (changes: Partial<Cause> = {}): Cause => ({
  actor: { type: 'user', id: 'ada', role: 'sales' },
  requestId: 'request-1',
  source: { ip: '203.0.113.7' },
  ...changes,
});

export const someTiers: Pick<Config, 'tiers' | 'regions'> = {
  tiers: {
    starter: {
      isolation: 'pool',
      description: '',
      rotation: { days: 30 },
      limits: { requestsPerSecond: 50, burst: 100 },
    },
    growth: {
      isolation: 'bridge',
      description: '',
      rotation: { days: 30 },
      limits: { requestsPerSecond: 200, burst: 400 },
    },
    enterprise: {
      isolation: 'silo',
      description: '',
      rotation: { days: 30 },
      limits: { requestsPerSecond: 500, burst: 1_000 },
    },
  },
  regions: ['us-east-1', 'eu-west-1'],
};

export const anOnboardingRequest = (changes: Partial<OnboardingRequest> = {}): OnboardingRequest => ({
  slug: 'acme',
  name: 'Acme Ltd',
  tier: 'growth',
  adminEmail: 'ada@acme.example',
  ...changes,
});

/** A tenant as it is kept: one that has just been asked for. */
export const aTenant = (changes: Partial<TenantRecord> = {}): TenantRecord => ({
  tenantId,
  slug: 'acme',
  name: 'Acme Ltd',
  tier: 'growth',
  isolation: 'bridge',
  status: 'requested',
  region: 'us-east-1',
  adminEmail: 'ada@acme.example',
  metadata: {},
  requestedFlags: {},
  version: 1,
  createdAt: noon,
  updatedAt: noon,
  onboardedBy: 'user#ada',
  ...changes,
});

const placement = { shardId: 'shared-1', namespace: tenantId, epoch: 1 };

/** A tenant with a place on a shard, whose onboarding is under way. */
export const aPlacedTenant = (changes: Partial<TenantRecord> = {}) =>
  aTenant({ status: 'provisioning', placement, version: 2, ...changes });

/** An operation as it is kept, running; `steps` gives the status of steps that are no longer pending. */
export const anOperation = ({
  steps = { provision: 'running' },
  ...changes
}: Partial<Omit<OperationRecord, 'steps'>> & { steps?: Record<string, Step['status']> } = {}): OperationRecord => ({
  id: operationId,
  kind: 'onboard',
  subject: { type: 'tenant', id: tenantId },
  tenantId,
  requestId: 'request-1',
  status: 'running',
  steps: stepsOf('onboard').map((name) => aStep(name, steps[name] ?? 'pending')),
  startedAt: noon,
  version: 1,
  ...changes,
});

const aStep = (name: string, status: Step['status']): Step => ({
  name,
  status,
  attempts: status === 'succeeded' || status === 'failed' ? 1 : 0,
  ...(status !== 'pending' && status !== 'skipped' && { startedAt: noon }),
  ...((status === 'succeeded' || status === 'failed') && { endedAt: noon }),
});

export const aResource = (kind: ResourceKind): Resource => ({
  kind,
  id: `${kind}-1`,
  operationId,
  createdAt: noon,
});

/** An administrator of the tenant, as it is kept. */
export const aUser = (changes: Partial<User> = {}): User => ({
  userId: 'ada@acme.example',
  email: 'ada@acme.example',
  role: 'tenant-admin',
  status: 'active',
  invitedAt: noon,
  updatedAt: noon,
  version: 1,
  ...changes,
});

/** A shared shard that serves every hash. */
export const aShard = (changes: Partial<Shard> = {}): Shard => ({
  shardId: 'shared-1',
  class: 'shared',
  region: 'us-east-1',
  range: { from: 0, to: 65_535 },
  capacity: 100,
  count: 3,
  state: 'open',
  endpoint: { host: '127.0.0.1', port: 5432, database: 'app', tls: false },
  version: 1,
  createdAt: noon,
  updatedAt: noon,
  ...changes,
});

/** A shard with no place for shared tenants: a cluster for one. */
export const aDedicatedShard = (changes: Partial<Shard> = {}): Shard => {
  const { range: _range, ...shard } = aShard({ shardId: 'spare-1', class: 'dedicated', capacity: 1, count: 0 });
  return { ...shard, ...changes };
};

export const aShardRegistration = (changes: Partial<ShardRegistration> = {}): ShardRegistration => ({
  shardId: 'shared-2',
  class: 'shared',
  region: 'us-east-1',
  range: { from: 0, to: 65_535 },
  endpoint: { host: '127.0.0.1', port: 5432, database: 'app', tls: false },
  ...changes,
});

/** Characters that have broken JSON, CSV, hashes or storage somewhere. */
export const awkward = ['a', 'ü', '株', '😀', '"', '\\', '/', '\0', '\n', '\u2028', ' ', '#'] as const;

export const anAuditDraft = (changes: Partial<AuditDraft> = {}): AuditDraft => ({
  action: 'tenant.activated',
  target: { type: 'tenant', id: tenantId },
  ...changes,
});

/** The stored items of a stream's chain, one a draft. */
export const aChain = (drafts: readonly AuditDraft[]): (Item & AuditEvent)[] =>
  chainEvents(tenantId, emptyHead, aCause(), drafts, noon).map(auditItem);

export const anAuditEvent = (changes: Partial<AuditEvent> = {}): AuditEvent => ({
  id: `${tenantId}:1`,
  seq: 1,
  tenantId,
  time: noon,
  ...aCause(),
  ...anAuditDraft(),
  prevHash: emptyHead.hash,
  hash: 'f'.repeat(64),
  ...changes,
});

const jwt = (claims: Record<string, string>): HttpEvent['requestContext']['authorizer']['jwt'] => ({
  claims,
  scopes: [],
});

/** A request as API Gateway hands it on, its token verified. */
export const anHttpEvent = ({
  routeKey = 'GET /v1/me',
  claims = { sub: 'ada', tenantry_role: 'platform-admin' },
  ...changes
}: Partial<HttpEvent> & { claims?: Record<string, string> } = {}): HttpEvent => {
  const [method = '', rawPath = ''] = routeKey.split(' ');
  const context: APIGatewayEventRequestContextV2 = {
    accountId: '',
    apiId: '',
    domainName: '',
    domainPrefix: '',
    http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '203.0.113.7', userAgent: 'test' },
    requestId: 'request-1',
    routeKey,
    stage: '$default',
    time: '',
    timeEpoch: 0,
  };
  return {
    version: '2.0',
    routeKey,
    rawPath,
    rawQueryString: '',
    headers: {},
    isBase64Encoded: false,
    requestContext: { ...context, authorizer: { principalId: '', integrationLatency: 0, jwt: jwt(claims) } },
    ...changes,
  };
};

/** A flag that is on for nobody; `changes` say otherwise. */
export const aFlag = (changes: Partial<FlagDefinition> = {}): FlagDefinition => ({
  state: 'ENABLED',
  variants: { on: true, off: false },
  defaultVariant: 'off',
  ...changes,
});

/** A rule that gives `share` of a hundred tenants the variant `on`. */
export const shareOf = (share: number): Rule => ({
  fractional: [
    ['on', share],
    ['off', 100 - share],
  ],
});

/** A flag set as it is after one change that defines all of it. */
export const aFlagSet = (patch: SetPatch): FlagSet =>
  patchFlagSet(emptyFlagSet, patch, { now: noon, by: 'ada' })?.next ?? emptyFlagSet;

/** The statuses of onboarding's steps, however many it has: the first few, then the same for all others. */
export const stepStatuses = (first: readonly Step['status'][], others: Step['status']): Step['status'][] =>
  stepsOf('onboard').map((_name, index) => first[index] ?? others);
