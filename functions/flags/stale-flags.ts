import type { Staleness } from '#core/contract/model/flag-changes.ts';
import type { CompiledFlagSet } from '#core/flags/compile-flag-set.ts';
import { staleBefore, stalenessOf } from '#core/flags/staleness.ts';
import { countVariants } from './count-variants.ts';

/** Flag → why it is stale. Variants are only counted for flags whose definition has not changed for long. */
export const staleFlags = async (compiled: CompiledFlagSet, now: string): Promise<Map<string, Staleness>> => {
  const flags = Object.entries(compiled.set.flags);
  const old = flags.filter(([, flag]) => flag.updatedAt <= staleBefore(now)).map(([key]) => key);
  const counts = await countVariants(compiled, old);
  const found = new Map<string, Staleness>();
  for (const [key, flag] of flags) {
    const staleness = stalenessOf(flag, now, [...(counts.get(key)?.keys() ?? [])]);
    if (staleness) found.set(key, staleness);
  }
  return found;
};
