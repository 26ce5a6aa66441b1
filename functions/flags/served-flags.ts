import { assertTenantInService } from '#core/access/in-service.ts';
import { AppError } from '#core/contract/api/errors.ts';
import type { TenantFacts } from '#core/contract/model/flags.ts';
import type { CompiledFlagSet } from '#core/flags/compile-flag-set.ts';
import { factsOf, type Overrides } from '#core/flags/evaluate-flags.ts';
import { configEtag } from '#core/flags/flag-etags.ts';
import { Recent, RecentByKey } from '#stores/aws/recent.ts';
import { readFlagSet } from '#stores/flags/flag-set.ts';
import { readTenantFlags, type TenantFlags } from '#stores/flags/tenant-flags.ts';

/** What the evaluations of one request stand on. */
export interface ServedFlags {
  flags: CompiledFlagSet;
  facts: TenantFacts;
  overrides: Overrides;
  /** Names this configuration; with every change that may change a value it is another. */
  etag: string;
}

/** How long a change may go unnoticed by who was not told of it. */
const maxAgeMs = 1_000;
/** Tenants held at once; the one that came first makes room. */
const mostTenants = 10_000;

const flagSet = new Recent<CompiledFlagSet>(maxAgeMs, () => readFlagSet());
const tenantFlags = new RecentByKey<TenantFlags | undefined>({
  maxAgeMs,
  most: mostTenants,
  read: async (tenantId, known) => (await readTenantFlags([tenantId], () => known)).get(tenantId),
});

/**
 * The flag set and what the tenant brings to it, a second old at most. `announced` is the configuration that an event
 * told the caller of: where it is not the one held, both are read at once. Throws `tenant_suspended` or `not_allowed` for
 * a tenant that is not active.
 */
export const servedFlags = async (tenantId: string, announced?: string): Promise<ServedFlags> => {
  const ofTenant = tenantFlags.of(tenantId);
  const held = served(flagSet.young ?? (await flagSet.get()), ofTenant.young ?? (await ofTenant.get()));
  if (announced === undefined || held?.etag === announced) return inService(held, ofTenant.held);
  const [flags, tenant] = await Promise.all([flagSet.refresh(), ofTenant.refresh()]);
  return inService(served(flags, tenant), tenant);
};

const served = (flags: CompiledFlagSet, tenant: TenantFlags | undefined): ServedFlags | undefined =>
  tenant?.tenant.status === 'active'
    ? {
        flags,
        facts: factsOf(tenant.tenant),
        overrides: tenant.overrides,
        etag: configEtag(flags.set.version, tenant.digest),
      }
    : undefined;

const inService = (flags: ServedFlags | undefined, tenant: TenantFlags | undefined): ServedFlags => {
  if (flags) return flags;
  assertTenantInService(tenant?.tenant);
  throw new AppError('not_allowed', 'The tenant of this token is not active.');
};
