import { AppError } from '#core/contract/api/errors.ts';
import type { TenantStatus } from '#core/contract/model/tenant.ts';

/** State → the states that a tenant may move to. All other transitions are errors. */
const transitions: Readonly<Record<TenantStatus, readonly TenantStatus[]>> = {
  requested: ['provisioning', 'rolling-back'],
  provisioning: ['active', 'rolling-back'],
  // Only within its own onboarding: the answer of the last step was lost after it took effect.
  active: ['suspended', 'offboarding', 'rolling-back'],
  suspended: ['active', 'offboarding'],
  offboarding: ['offboarded'],
  offboarded: [],
  'rolling-back': ['failed', 'rollback-failed'],
  failed: ['requested'],
  'rollback-failed': ['rolling-back'],
};

/** Throws `invalid_transition` unless the table allows the transition. */
export const assertTransition = (from: TenantStatus, to: TenantStatus) => {
  if (!transitions[from].includes(to)) {
    throw new AppError('invalid_transition', `A tenant that is ${from} cannot become ${to}.`);
  }
};
