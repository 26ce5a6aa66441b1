import type { Staleness } from '#core/contract/flag-changes.ts';
import { withPrerequisites } from '#core/flags/affected-flags.ts';
import { contextOf, evaluateFlags } from '#core/flags/evaluate-flags.ts';
import { longAgo, stalenessOf } from '#core/flags/staleness.ts';
import { overridesOfFlags } from '#stores/flag-overrides.ts';
import { readFlagSet } from '#stores/flag-set.ts';
import { servedTenants } from '#stores/tenant-facts.ts';

/** Flag → why it could go. Tenants are only asked about flags whose definition has not changed for long. */
export const staleFlags = async (now: string): Promise<Map<string, Staleness>> => {
  const compiled = await readFlagSet();
  const flags = Object.entries(compiled.set.flags);
  const old = flags.filter(([, flag]) => flag.updatedAt <= longAgo(now)).map(([key]) => key);
  const given = new Map(old.map((key) => [key, new Set<string | null>()]));
  if (old.length > 0) {
    const overrides = await overridesOfFlags(withPrerequisites([compiled.set], old));
    for await (const tenant of servedTenants()) {
      const evaluations = evaluateFlags(compiled, overrides.get(tenant.tenantId) ?? {}, contextOf(tenant), old);
      for (const { key, variant } of evaluations) given.get(key)?.add(variant ?? null);
    }
  }
  const found = new Map<string, Staleness>();
  for (const [key, flag] of flags) {
    const staleness = stalenessOf(flag, now, () => given.get(key) ?? new Set());
    if (staleness) found.set(key, staleness);
  }
  return found;
};
