import { withPrerequisites } from '#core/flags/affected-flags.ts';
import type { CompiledFlagSet } from '#core/flags/compile-flag-set.ts';
import { contextOf, evaluateFlags } from '#core/flags/evaluate-flags.ts';
import { overridesOfFlags } from '#stores/flags/overrides.ts';
import { servedTenants } from '#stores/registry/tenant-facts.ts';

/** Variant (`null`: the application's own default) → the number of tenants that receive it. */
export type VariantCounts = ReadonlyMap<string | null, number>;

/** Counts the variants that all tenants receive of these flags. It reads the whole registry. */
export const countVariants = async (
  compiled: CompiledFlagSet,
  keys: readonly string[],
): Promise<ReadonlyMap<string, VariantCounts>> => {
  const counts = new Map(keys.map((key) => [key, new Map<string | null, number>()]));
  if (keys.length === 0) return counts;
  const overrides = await overridesOfFlags(withPrerequisites([compiled.set], keys));
  for await (const tenant of servedTenants()) {
    const evaluations = evaluateFlags(compiled, overrides.get(tenant.tenantId) ?? {}, contextOf(tenant), keys);
    for (const { key, variant = null } of evaluations) {
      const ofFlag = counts.get(key);
      ofFlag?.set(variant, (ofFlag.get(variant) ?? 0) + 1);
    }
  }
  return counts;
};
