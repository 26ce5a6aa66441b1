import type { Write } from '#core/change.ts';
import { AppError } from '#core/contract/api/errors.ts';
import type { Override } from '#core/contract/model/flags.ts';
import { contextOf, evaluateFlags, factsOf } from '#core/flags/evaluate-flags.ts';
import { overrideItem, overridesOf, unknownVariant } from '#core/flags/override.ts';
import { withStepResult } from '#core/operation/steps.ts';
import { putResource } from '#core/tenant/writes.ts';
import { onboardingStep, type StepContext, type StepResult } from '#functions/operation/onboarding-step.ts';
import { readFlagSet } from '#stores/flags/flag-set.ts';

/**
 * Writes the flags of the onboarding request as the tenant's overrides, and records what every flag gives the tenant.
 * One for a flag that is not defined yet waits for it, as the record says: sales may be ahead of the flag's authors.
 * Throws `flag_not_defined` for a variant that a defined flag does not have.
 */
export const loadFlags = async ({ tenant, operation, deps }: StepContext): Promise<StepResult> => {
  const { tenantId, requestedFlags } = tenant;
  const compiled = await readFlagSet();
  const isDefined = (flagKey: string) => compiled.flags.has(flagKey);
  const waiting = Object.keys(requestedFlags).filter((flagKey) => !isDefined(flagKey));
  const now = deps.now();
  const by = { reason: 'asked for at onboarding', updatedAt: now, updatedBy: tenant.onboardedBy };
  const overrides = Object.entries(requestedFlags).map(([flagKey, variant]): Override => {
    const unknown = isDefined(flagKey) ? unknownVariant(compiled.set, flagKey, variant) : undefined;
    if (unknown !== undefined) throw new AppError('flag_not_defined', unknown);
    return { tenantId, flagKey, variant, ...by };
  });
  const evaluations = evaluateFlags(compiled, overridesOf(overrides), contextOf(factsOf(tenant)));
  const variants = Object.fromEntries(evaluations.map(({ key, variant }) => [key, variant ?? null]));
  const flagSetVersion = compiled.set.version;
  const ledger = putResource(tenantId, { kind: 'overrides', operationId: operation.id, createdAt: now });
  const writes = overrides.map((override): Write => ({ kind: 'put', table: 'flags', item: overrideItem(override) }));
  return {
    operation: withStepResult(operation, 'load-flags', { flagSetVersion, variants, waiting }),
    writes: writes.length > 0 ? [ledger, ...writes] : [],
    audit: [
      {
        action: 'tenant.flags.loaded',
        target: { type: 'tenant', id: tenantId },
        after: { overrides: requestedFlags, flagSetVersion, ...(waiting.length > 0 && { waiting }) },
      },
    ],
  };
};

export const handler = onboardingStep('load-flags', loadFlags);
