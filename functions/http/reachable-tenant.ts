import { type Principal, reaches } from '#core/access/principal.ts';
import type { Reach } from '#core/contract/roles.ts';
import type { TenantRecord } from '#core/tenant/tenant-record.ts';
import { findTenant, tenantNotFound } from '#stores/tenant-registry.ts';

/** The tenant named in the path; one beyond the caller's reach is answered as one that is not there. */
export const reachableTenant = async ({
  principal,
  reach,
  params,
}: {
  principal: Principal;
  reach: Reach;
  params: Record<string, string | undefined>;
}): Promise<TenantRecord> => {
  const reference = params['tenant'] ?? '';
  const tenant = await findTenant(reference);
  if (!tenant || !reaches(principal, reach, tenant)) throw tenantNotFound(reference);
  return tenant;
};
