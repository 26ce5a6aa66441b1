import type { Write } from '#core/change.ts';
import { AppError } from '#core/contract/api/errors.ts';
import type { Override } from '#core/contract/model/flags.ts';
import { contextOf, evaluateFlags, factsOf } from '#core/flags/evaluate-flags.ts';
import { overrideItem, overridesOf, unknownVariant } from '#core/flags/override.ts';
import { keys } from '#core/keys.ts';
import { putResource } from '#core/operation/ledger.ts';
import { withStepResult } from '#core/operation/operation.ts';
import { type Compensation, mostWritesLeft } from '#functions/operation/compensation.ts';
import { type StepContext, type StepResult, tenantStep } from '#functions/operation/step.ts';
import { readFlagSet } from '#stores/flags/flag-set.ts';
import { readOverrides } from '#stores/flags/overrides.ts';

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
  const ledger = putResource(tenantId, {
    kind: 'overrides',
    id: 'requested',
    operationId: operation.id,
    createdAt: now,
  });
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

/** Removes all overrides of the tenant, in parts: others may have been set since those that were requested. */
export const undoOverrides: Compensation = async ({ tenant: { tenantId }, commitPart }) => {
  const writes = (await readOverrides(tenantId)).map(
    ({ flagKey }): Write => ({ kind: 'delete', table: 'flags', key: keys.override(tenantId, flagKey) }),
  );
  while (writes.length > mostWritesLeft) {
    const part = writes.splice(0, mostWritesLeft);
    await commitPart(part, { overrides: part.length });
  }
  return { writes };
};

export const handler = tenantStep('load-flags', loadFlags);
