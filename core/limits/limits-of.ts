import type { Limits } from '#core/contract/model/limits.ts';
import type { Config } from '#core/contract/model/tiers.ts';
import type { TenantRecord } from '#core/tenant/tenant-record.ts';

/** The tenant's own limits, else its tier's, else the global default. */
export const limitsOf = (
  tenant: Pick<TenantRecord, 'tier' | 'limits'> | undefined,
  { tiers, limits }: Pick<Config, 'tiers' | 'limits'>,
): Limits => {
  const tier = tenant && Object.hasOwn(tiers, tenant.tier) ? tiers[tenant.tier] : undefined;
  return tenant?.limits ?? tier?.limits ?? limits;
};
