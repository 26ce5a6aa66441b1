import { digest } from '#core/audit/audit-chain.ts';
import type { Flip } from '#core/contract/model/flag-changes.ts';
import type { Evaluation, TenantFacts } from '#core/contract/model/flags.ts';
import type { TenantStatus } from '#core/contract/model/tenant.ts';
import type { CompiledFlagSet } from './compile-flag-set.ts';
import { contextOf, evaluateFlags, type Overrides } from './evaluate-flags.ts';

/** Tenants in these states are not served any flags, so changes do not affect them. */
const gone: ReadonlySet<TenantStatus> = new Set(['failed', 'rolling-back', 'rollback-failed', 'offboarded']);
export const isServed = ({ status }: { status: TenantStatus }) => !gone.has(status);

const served = ({ variant, value }: Evaluation): Flip['from'] => ({ variant: variant ?? null, value: value ?? null });

const isSame = (a: Flip['from'], b: Flip['from']) =>
  a.variant === b.variant && (a.value === b.value || digest(a.value) === digest(b.value));

/** The flags among `keys` whose values change for a tenant; used by both the preview and the propagation. */
export const flipsOf = (
  sets: { before: CompiledFlagSet; after: CompiledFlagSet },
  keys: readonly string[],
  tenant: TenantFacts,
  overrides: Overrides,
): Flip[] => {
  const context = contextOf(tenant);
  const before = evaluateFlags(sets.before, overrides, context, keys);
  const after = evaluateFlags(sets.after, overrides, context, keys);
  return keys.flatMap((flagKey, index): Flip[] => {
    const [was, is] = [before[index], after[index]];
    if (!was || !is) return [];
    const [from, to] = [served(was), served(is)];
    return isSame(from, to) ? [] : [{ tenantId: tenant.tenantId, slug: tenant.slug, flagKey, from, to }];
  });
};
