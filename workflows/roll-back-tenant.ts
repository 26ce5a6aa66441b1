import { rollBack } from './asl.ts';
import type { Definition } from './definition.ts';

export const rollBackTenant: Definition = {
  Comment:
    'Rolls back an onboarding whose own workflow could not: stopped, timed out, dead, or failed in its roll-back.',
  StartAt: 'roll-back',
  TimeoutSeconds: 300,
  States: rollBack('$.failedExecution', { Type: 'Succeed' }),
};
