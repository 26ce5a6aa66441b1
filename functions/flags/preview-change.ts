import type { Flip, Preview } from '#core/contract/model/flag-changes.ts';
import { affectedFlags, withPrerequisites } from '#core/flags/affected-flags.ts';
import { type CompiledFlagSet, compileFlagSet } from '#core/flags/compile-flag-set.ts';
import { flipsOf } from '#core/flags/flips.ts';
import type { PatchedSet } from '#core/flags/patch-flag-set.ts';
import { pageCollector } from '#stores/aws/pages.ts';
import { overridesOfFlags } from '#stores/flags/overrides.ts';
import { servedTenants } from '#stores/registry/tenant-facts.ts';

const positionOf = ({ tenantId, flagKey }: Flip) => `${tenantId}#${flagKey}`;

/** Every flip that a change would cause in the whole registry, computed as the change itself does. */
export const previewChange = async (
  before: CompiledFlagSet,
  patched: PatchedSet,
  page: { limit: number; cursor?: string | undefined },
): Promise<Preview> => {
  const after = compileFlagSet(patched.next, before);
  const sets = [before.set, after.set];
  const keys = affectedFlags(sets, {
    flags: patched.flags.map(({ name }) => name),
    evaluators: patched.evaluators.map(({ name }) => name),
  });
  const overrides = await overridesOfFlags(withPrerequisites(sets, keys));
  const collector = pageCollector<Flip>({ list: ['flips'], ...page, positionOf });
  const totals = { count: 0, tenants: 0 };
  for await (const tenant of servedTenants()) {
    const flips = flipsOf({ before, after }, keys, tenant, overrides.get(tenant.tenantId) ?? {});
    totals.count += flips.length;
    totals.tenants += flips.length > 0 ? 1 : 0;
    for (const flip of flips) collector.add(flip);
  }
  const { items: flips, ...more } = collector.page();
  return { ...totals, flips, ...more };
};
