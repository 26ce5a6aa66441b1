import type { AuditEvent } from '#core/contract/events.ts';
import type { Operation, Step } from '#core/contract/operation.ts';
import { onboardingSteps } from '#core/contract/operation.ts';
import type { Shard } from '#core/contract/shard.ts';
import type { Tenant } from '#core/contract/tenant.ts';

const time = '2026-11-22T12:00:00.000Z';
export const tenantId = 'tn_01jdaa0000000000000000000a';
export const operationId = 'op_01jdaa0000000000000000000a';

export const aTenant = (changes: Partial<Tenant> = {}): Tenant => ({
  tenantId,
  slug: 'acme',
  name: 'Acme Ltd',
  tier: 'growth',
  isolation: 'bridge',
  status: 'active',
  region: 'us-east-1',
  placement: { shardId: 'shared-1', namespace: 'tn_acme', epoch: 1 },
  adminEmail: 'ada@acme.example',
  metadata: {},
  version: 3,
  createdAt: time,
  updatedAt: time,
  ...changes,
});

/** A step that took `ms` from noon on. */
export const aStep = (name: string, status: Step['status'], ms = 100): Step => ({
  name,
  status,
  attempts: status === 'pending' || status === 'skipped' ? 0 : 1,
  ...(status === 'pending' || status === 'skipped' ? {} : { startedAt: time }),
  ...(status === 'succeeded' || status === 'failed' || status === 'undone'
    ? { endedAt: new Date(Date.parse(time) + ms).toISOString() }
    : {}),
});

export const anOperation = (changes: Partial<Operation> = {}): Operation => ({
  id: operationId,
  kind: 'onboard',
  tenantId,
  status: 'succeeded',
  steps: onboardingSteps.map((name) => aStep(name, 'succeeded')),
  startedAt: time,
  endedAt: '2026-11-22T12:00:00.600Z',
  ...changes,
});

/** The operation as it stands when its third step has failed and everything is undone. */
export const aRolledBackOperation = (): Operation => {
  const failure = { step: 'load-flags', code: 'invalid_request', message: 'flag "beta" is not defined' };
  return anOperation({
    status: 'rolled-back',
    failure,
    steps: [
      aStep('provision', 'undone'),
      aStep('seed-schema', 'undone'),
      { ...aStep('load-flags', 'failed'), error: { code: failure.code, message: failure.message } },
      aStep('bind-access', 'skipped'),
      aStep('health-check', 'skipped'),
      aStep('activate', 'skipped'),
    ],
  });
};

export const anAuditEvent = (changes: Partial<AuditEvent> = {}): AuditEvent => ({
  id: 'ev_1',
  seq: 1,
  tenantId,
  time,
  action: 'tenant.activated',
  actor: { type: 'service', id: 'activate' },
  target: { type: 'tenant', id: tenantId },
  requestId: 'request-1',
  operationId,
  source: {},
  prevHash: '0'.repeat(64),
  hash: 'a'.repeat(64),
  ...changes,
});

export const aShard = (changes: Partial<Shard> = {}): Shard => ({
  shardId: 'shared-1',
  class: 'shared',
  region: 'us-east-1',
  capacity: 1000,
  count: 3,
  state: 'open',
  endpoint: { host: '127.0.0.1', port: 5432, database: 'app', tls: false },
  version: 1,
  createdAt: time,
  updatedAt: time,
  ...changes,
});
