import { expect, test } from 'vitest';
import { type TenantStatus, tenantStatuses } from '#core/contract/model/tenant.ts';
import { assertTransition, undoTransitions } from '#core/tenant/transitions.ts';

/** The states of a tenant as the documentation draws them. */
const allowed: readonly `${TenantStatus} → ${TenantStatus}`[] = [
  'requested → provisioning',
  'requested → rolling-back',
  'provisioning → active',
  'provisioning → rolling-back',
  'active → suspended',
  'active → offboarding',
  'suspended → active',
  'suspended → offboarding',
  'offboarding → offboarded',
  'rolling-back → failed',
  'rolling-back → rollback-failed',
  'rollback-failed → rolling-back',
  'failed → requested',
];

const everyPair = tenantStatuses.flatMap((from) => tenantStatuses.map((to) => ({ from, to })));

test.for(everyPair)('$from → $to', ({ from, to }) => {
  const move = () => assertTransition(from, to);
  if (allowed.includes(`${from} → ${to}`)) expect(move).not.toThrow();
  else expect(move).toThrow(expect.objectContaining({ code: 'invalid_transition' }));
});

test('active → rolling-back, within the roll-back of the operation that made it active', () => {
  expect(() => assertTransition('active', 'rolling-back', undoTransitions)).not.toThrow();
});
