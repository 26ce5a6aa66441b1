import { problemTypeOf } from '#core/contract/http.ts';
import type { Operation, Step } from '#core/contract/operation.ts';
import { onboardingSteps } from '#core/contract/operation.ts';
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

export const aProblem = (status: number, code: string, detail: string) => ({
  type: problemTypeOf(code),
  title: detail,
  status,
  code,
  detail,
  instance: '/v1/tenants',
});
