import { type Principal, reaches } from '#core/access/principal.ts';
import { notFound } from '#core/contract/api/errors.ts';
import type { Reach } from '#core/contract/api/roles.ts';
import type { TenantRecord } from '#core/tenant/tenant-record.ts';
import { findTenant } from '#stores/registry/tenants.ts';

interface TenantRequest {
  principal: Principal;
  reach: Reach;
  params: Record<string, string | undefined>;
}

/** The tenant named in the path; throws `not_found` for one beyond the caller's reach, as for one that does not exist. */
export const reachableTenant = async ({ principal, reach, params }: TenantRequest): Promise<TenantRecord> => {
  const reference = params['tenant'] ?? '';
  const tenant = await (reach === 'own' ? ownTenant(principal, reference) : findTenant(reference));
  if (!tenant || !reaches(principal, reach, tenant)) throw notFound();
  return tenant;
};

/** Reads only the caller's own tenant, whatever the path names: another tenant looks like one that does not exist. */
const ownTenant = async ({ tenantId = '' }: Principal, reference: string) => {
  const tenant = await findTenant(tenantId);
  return reference === tenant?.tenantId || reference === tenant?.slug ? tenant : undefined;
};
