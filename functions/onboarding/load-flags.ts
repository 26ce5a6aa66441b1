import type { Write } from '#core/change.ts';
import { keys } from '#core/keys.ts';
import { putResource } from '#core/tenant/writes.ts';
import { onboardingStep, type StepContext, type StepResult } from './onboarding-step.ts';

/** Writes the flags of the onboarding request as the tenant's overrides. */
export const loadFlags = async ({ tenant, operation, deps }: StepContext): Promise<StepResult> => {
  const { tenantId, requestedFlags } = tenant;
  const now = deps.now();
  const reason = 'asked for at onboarding';
  const overrides = Object.entries(requestedFlags).map(
    ([flagKey, variant]): Write => ({
      kind: 'put',
      table: 'flags',
      item: { ...keys.override(tenantId, flagKey), flagKey, tenantId, variant, reason, updatedAt: now },
    }),
  );
  const ledger = putResource(tenantId, { kind: 'overrides', operationId: operation.id, createdAt: now });
  return {
    writes: overrides.length > 0 ? [ledger, ...overrides] : [],
    audit: [
      { action: 'tenant.flags.loaded', target: { type: 'tenant', id: tenantId }, after: { overrides: requestedFlags } },
    ],
  };
};

export const handler = onboardingStep('load-flags', loadFlags);
