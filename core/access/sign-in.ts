import { AppError } from '#core/contract/api/errors.ts';
import { isTenantRole, type Role, roles } from '#core/contract/api/roles.ts';
import type { User } from '#core/contract/model/user.ts';
import type { TenantRecord } from '#core/tenant/tenant-record.ts';
import { assertInService } from './in-service.ts';
import type { Principal } from './principal.ts';

/** OAuth scopes of machine clients, and the role of each. */
const machineScopes: ReadonlyMap<string, Role> = new Map([['tenantry/sales', 'sales']]);

/** The principal of a machine client: its scope decides its role. */
export const machinePrincipal = (clientId: string, scopes: readonly string[]): Principal => {
  const role = scopes.map((scope) => machineScopes.get(scope)).find((one) => one !== undefined);
  if (role === undefined) throw new AppError('not_authenticated', 'This client has none of the required scopes.');
  return { id: clientId, userId: clientId, role };
};

/** Platform roles are user pool groups of the same name; of several, the first in the role table counts. */
export const platformPrincipal = (userId: string, groups: readonly string[]): Principal | undefined => {
  const role = roles.find((one) => !isTenantRole(one) && groups.includes(one));
  return role && { id: userId, userId, role };
};

export interface Membership {
  tenant: TenantRecord;
  user: User;
}

/**
 * The membership a user signs in with: the requested tenant's, or the first that is open. If none is, throws
 * `tenant_suspended` if one is suspended, otherwise `not_authenticated`.
 */
export const membershipFor = (memberships: readonly Membership[], requested: string | undefined): Membership => {
  const candidates = memberships.filter(
    ({ tenant }) => requested === undefined || [tenant.tenantId, tenant.slug].includes(requested),
  );
  const refusals = candidates.map(refusalOf);
  const found = candidates.find((_membership, index) => refusals[index] === undefined);
  if (found) return found;
  const suspended = refusals.find((refusal) => refusal?.code === 'tenant_suspended');
  throw (
    suspended ??
    new AppError('not_authenticated', 'This user may not sign in to any tenant, or not to the requested one.')
  );
};

const refusalOf = ({ tenant, user }: Membership): AppError | undefined => {
  try {
    // The token is being issued now, so it is newer than any suspension.
    const issuedAt = Number.MAX_SAFE_INTEGER;
    assertInService({ id: user.userId, userId: user.userId, role: user.role, issuedAt }, { tenant, user });
    return undefined;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
};
