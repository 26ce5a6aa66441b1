import { type Principal, reaches } from '#core/access/principal.ts';
import { notFound } from '#core/contract/api/errors.ts';
import type { Reach } from '#core/contract/api/roles.ts';
import type { TenantRecord } from '#core/tenant/tenant-record.ts';
import { findTenant } from '#stores/registry/tenants.ts';

interface Asked {
  principal: Principal;
  reach: Reach;
  params: Record<string, string | undefined>;
}

/** The tenant named in the path; one beyond the caller's reach is answered as one that is not there. */
export const reachableTenant = async ({ principal, reach, params }: Asked): Promise<TenantRecord> => {
  const reference = params['tenant'] ?? '';
  const tenant = await (reach === 'own' ? ownTenant(principal, reference) : findTenant(reference));
  if (!tenant || !reaches(principal, reach, tenant)) throw notFound();
  return tenant;
};

/** Whatever is asked for, only the caller's own tenant is read: nothing tells another's from one that is not there. */
const ownTenant = async ({ tenantId = '' }: Principal, reference: string) => {
  const tenant = await findTenant(tenantId);
  return reference === tenant?.tenantId || reference === tenant?.slug ? tenant : undefined;
};
