import type { Operation, Step } from '#core/contract/model/operation.ts';
import type { Tenant } from '#core/contract/model/tenant.ts';
import { type OperationKind, stepsOf } from '#core/operation/kinds.ts';
import { publicOperation } from '#core/operation/operation.ts';
import { publicTenant } from '#core/tenant/tenant-record.ts';
import { anOperation as anOperationRecord, aPlacedTenant, noon } from '#test/builders.ts';

/** A tenant as the API tells of it: in service. */
export const aTenant = (changes: Partial<Tenant> = {}): Tenant => ({
  ...publicTenant(aPlacedTenant({ status: 'active', version: 3 })),
  ...changes,
});

const tookMs = 100;

/** A step as the API tells of it; one that ended took 0.1 s. */
export const aStep = (name: string, status: Step['status']): Step => {
  if (status === 'pending' || status === 'skipped') return { name, status, attempts: 0 };
  const endedAt = new Date(Date.parse(noon) + tookMs).toISOString();
  return { name, status, attempts: 1, startedAt: noon, ...(status !== 'running' && { endedAt }) };
};

/** An operation as the API tells of it: succeeded, in 0.6 s. */
export const anOperation = (changes: Partial<Operation> = {}): Operation => ({
  ...publicOperation(anOperationRecord({ status: 'succeeded' })),
  steps: stepsOf('onboard').map((name) => aStep(name, 'succeeded')),
  endedAt: new Date(Date.parse(noon) + tookMs * stepsOf('onboard').length).toISOString(),
  ...changes,
});

/** A running operation of another kind, with the steps of that kind pending. */
export const aRunningOperation = (kind: OperationKind, changes: Partial<Operation> = {}): Operation => {
  const { endedAt: _ended, ...operation } = anOperation({ kind, status: 'running' });
  return { ...operation, steps: stepsOf(kind).map((name) => aStep(name, 'pending')), ...changes };
};

/** The operation as it stands when its third step has failed and everything is undone. */
export const aRolledBackOperation = (): Operation => {
  const error = { code: 'invalid_request', message: 'flag "beta" is not defined' };
  return anOperation({
    status: 'rolled-back',
    failure: { step: 'load-flags', ...error },
    steps: [
      aStep('provision', 'undone'),
      aStep('seed-schema', 'undone'),
      { ...aStep('load-flags', 'failed'), error },
      aStep('bind-access', 'skipped'),
      aStep('health-check', 'skipped'),
      aStep('activate', 'skipped'),
    ],
  });
};
