import { moveTenant } from '#core/tenant/tenant-record.ts';
import { putTenant } from '#core/tenant/writes.ts';
import { onboardingStep, type StepContext, type StepResult } from '#functions/operation/onboarding-step.ts';

/** Puts the tenant into service. */
export const activate = async ({ tenant, deps }: StepContext): Promise<StepResult> => ({
  writes: [putTenant(tenant, moveTenant(tenant, 'active', deps.now()))],
  audit: [
    {
      action: 'tenant.activated',
      target: { type: 'tenant', id: tenant.tenantId },
      before: { status: tenant.status },
      after: { status: 'active' },
    },
  ],
});

export const handler = onboardingStep('activate', activate);
