import { AppError } from '#core/contract/api/errors.ts';
import { isTenantRole, type Role, roles } from '#core/contract/api/roles.ts';
import type { User } from '#core/contract/model/user.ts';
import type { TenantRecord } from '#core/tenant/tenant-record.ts';
import { assertInService } from './in-service.ts';
import type { Principal } from './principal.ts';

/** The scope with which sales tooling asks for a token by its own credentials. */
const machineScopes: ReadonlyMap<string, Role> = new Map([['tenantry/sales', 'sales']]);

/** A program that signs in as itself has the role of its scope. */
export const machinePrincipal = (clientId: string, scopes: readonly string[]): Principal => {
  const role = scopes.map((scope) => machineScopes.get(scope)).find((one) => one !== undefined);
  if (role === undefined) throw new AppError('not_authenticated', 'This client has no scope of this product.');
  return { id: clientId, userId: clientId, role };
};

/** Platform roles are groups of the user pool, each of the role's name; the first of the role table counts. */
export const platformPrincipal = (userId: string, groups: readonly string[]): Principal | undefined => {
  const role = roles.find((one) => !isTenantRole(one) && groups.includes(one));
  return role && { id: userId, userId, role };
};

export interface Membership {
  tenant: TenantRecord;
  user: User;
}

/**
 * The tenant that a user signs in to: the one that is wanted, or the first that lets the user in. Throws
 * `tenant_suspended` if none does and one is suspended, otherwise `not_authenticated`.
 */
export const membershipFor = (memberships: readonly Membership[], wanted: string | undefined): Membership => {
  const asked = memberships.filter(
    ({ tenant }) => wanted === undefined || [tenant.tenantId, tenant.slug].includes(wanted),
  );
  const refusals = asked.map(refusalOf);
  const found = asked.find((_membership, index) => refusals[index] === undefined);
  if (found) return found;
  const suspended = refusals.find((refusal) => refusal?.code === 'tenant_suspended');
  throw suspended ?? new AppError('not_authenticated', 'No tenant lets this user in.');
};

const refusalOf = ({ tenant, user }: Membership): AppError | undefined => {
  try {
    // A token that is being issued is younger than any suspension.
    const issuedAt = Number.MAX_SAFE_INTEGER;
    assertInService({ id: user.userId, userId: user.userId, role: user.role, issuedAt }, { tenant, user });
    return undefined;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
};
