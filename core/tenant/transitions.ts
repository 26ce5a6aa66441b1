import { AppError } from '#core/contract/api/errors.ts';
import type { TenantStatus } from '#core/contract/model/tenant.ts';

/** From each state, the states a tenant may go to. What is not here is an error. */
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

/** Refuses, with `invalid_transition`, a step the table does not have. */
export const assertTransition = (from: TenantStatus, to: TenantStatus) => {
  if (!transitions[from].includes(to)) {
    throw new AppError('invalid_transition', `A tenant that is ${from} cannot become ${to}.`);
  }
};
