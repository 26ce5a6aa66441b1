import { AppError } from '#core/contract/api/errors.ts';
import type { TenantStatus } from '#core/contract/model/tenant.ts';

export type Transitions = Readonly<Record<TenantStatus, readonly TenantStatus[]>>;

/** State → the states that a tenant may move to. All other transitions are errors. */
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
 * Within a roll-back, an active tenant may move to `rolling-back` too: its onboarding took effect, but the answer was
 * lost. Only the roll-back of the onboarding that activated it may use this table (`assertUndoable`, and the lease).
 */
export const undoTransitions: Transitions = { ...transitions, active: [...transitions.active, 'rolling-back'] };

/** Throws `invalid_transition` unless the table allows the transition. */
export const assertTransition = (from: TenantStatus, to: TenantStatus, table: Transitions = transitions) => {
  if (!table[from].includes(to)) {
    throw new AppError('invalid_transition', `A tenant that is ${from} cannot become ${to}.`);
  }
};
