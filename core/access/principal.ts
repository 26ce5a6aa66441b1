import * as z from 'zod';
import { AppError } from '#core/contract/api/errors.ts';
import { isTenantRole, type Permissions, type Reach, type Role, roleSchema } from '#core/contract/api/roles.ts';
import { tenantIdSchema } from '#core/contract/model/tenant.ts';
import { actorRef } from '#core/keys.ts';

/** The caller, as a verified token names it. Tenant roles always have a tenant. */
export interface Principal {
  id: string;
  role: Role;
  tenantId?: string;
  /** The caller's record among its tenant's users, if the issuer puts it in the token. */
  userId?: string;
  /** Seconds since 1970. */
  issuedAt?: number;
}

/** The claims a token must carry for this caller; the inverse of `principalOf`. */
export const claimsOf = ({ role, tenantId, userId }: Pick<Principal, 'role' | 'tenantId' | 'userId'>) => ({
  tenantry_role: role,
  ...(tenantId !== undefined && { tenantry_tenant: tenantId }),
  ...(userId !== undefined && { tenantry_user: userId }),
});

const claimsSchema = z.object({
  sub: z.string().min(1),
  tenantry_role: roleSchema,
  tenantry_tenant: tenantIdSchema.optional(),
  tenantry_user: z.string().min(1).optional(),
  iat: z.coerce.number().optional(),
});

/** Reads the claims of a token that the gateway has verified; the one place that knows their names. */
export const principalOf = (claims: unknown): Principal => {
  const parsed = claimsSchema.safeParse(claims);
  if (!parsed.success) throw new AppError('not_authenticated', 'The token carries no known role.');
  const { sub, tenantry_role: role, tenantry_tenant: tenantId, tenantry_user: userId, iat: issuedAt } = parsed.data;
  const caller = { id: userId ?? sub, role, ...(issuedAt !== undefined && { issuedAt }) };
  if (!isTenantRole(role)) return caller;
  if (tenantId === undefined) throw new AppError('not_authenticated', `A token of role ${role} must name its tenant.`);
  return { ...caller, tenantId, ...(userId !== undefined && { userId }) };
};

/** How far the principal's role reaches with an operation; throws `not_allowed` if the role is not listed. */
export const reachOf = ({ role }: Principal, permissions: Permissions): Reach => {
  const reach = permissions[role];
  if (!reach) throw new AppError('not_allowed', `The role ${role} may not do this.`);
  return reach;
};

/** The principal as a tenant's record names the one who onboarded it. */
export const onboarderRef = ({ id }: Pick<Principal, 'id'>) => actorRef({ type: 'user', id });

/** Whether that reach covers the tenant. If not, callers must answer as if the tenant did not exist. */
export const reaches = (principal: Principal, reach: Reach, tenant: { tenantId: string; onboardedBy: string }) => {
  switch (reach) {
    case 'any':
      return true;
    case 'onboarded':
      return tenant.onboardedBy === onboarderRef(principal);
    case 'own':
      return tenant.tenantId === principal.tenantId;
    default:
      return reach satisfies never;
  }
};
