import type { WorkflowName } from '#core/contract/platform/names.ts';
import type { Definition } from './definition.ts';
import { onboardTenant } from './onboard-tenant.ts';
import { rollBackTenant } from './roll-back-tenant.ts';
import { spreadFlagChange } from './spread-flag-change.ts';

/** Every workflow: `lib/` deploys these objects, and `local/` runs them. */
export const workflows: Readonly<Record<WorkflowName, Definition>> = {
  'onboard-tenant': onboardTenant,
  'roll-back-tenant': rollBackTenant,
  'spread-flag-change': spreadFlagChange,
};
