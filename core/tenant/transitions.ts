import { AppError } from '#core/contract/api/errors.ts';
import type { TenantStatus } from '#core/contract/model/tenant.ts';

export type Transitions = Readonly<Record<TenantStatus, readonly TenantStatus[]>>;

/** From each state, the states a tenant may go to. What is not here is an error. */
export const transitions: Transitions = {
  requested: ['provisioning', 'rolling-back'],
  provisioning: ['active', 'rolling-back'],
  active: ['suspended', 'offboarding'],
  suspended: ['active', 'offboarding'],
  offboarding: ['offboarded'],
  offboarded: [],
  'rolling-back': ['failed', 'rollback-failed'],
  failed: ['requested'],
  'rollback-failed': ['rolling-back'],
};

/**
 * Within a roll-back, an active tenant may fall as well: its onboarding took effect but did not answer. Only the
 * roll-back of the operation that made it active may use this table (`assertUndoable`, and the lease).
 */
export const undoTransitions: Transitions = { ...transitions, active: [...transitions.active, 'rolling-back'] };

/** Refuses, with `invalid_transition`, a step the table does not have. */
export const assertTransition = (from: TenantStatus, to: TenantStatus, table: Transitions = transitions) => {
  if (!table[from].includes(to)) {
    throw new AppError('invalid_transition', `A tenant that is ${from} cannot become ${to}.`);
  }
};
