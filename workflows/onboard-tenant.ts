import { onboardingSteps } from '#core/contract/model/operation.ts';
import { undoableWorkflow } from './asl.ts';

export const onboardTenant = undoableWorkflow(onboardingSteps, {
  comment:
    'Onboards a tenant: six steps in one branch, so that one Catch covers them all, and a roll-back that undoes what they made.',
  seconds: 600,
  name: 'onboard',
  done: 'onboarded',
  undone: {
    Type: 'Fail',
    Error: 'OnboardingRolledBack',
    Cause:
      "A step failed; everything made for the tenant was undone. The operation's record names the step and the cause.",
  },
});
