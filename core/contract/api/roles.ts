import * as z from 'zod';

export const roles = ['platform-admin', 'platform-auditor', 'sales', 'tenant-admin', 'tenant-member'] as const;
export const roleSchema = z.enum(roles);
export type Role = z.infer<typeof roleSchema>;

/** Roles within one tenant: their tokens carry `tenantry_tenant`. */
export const tenantRoles = ['tenant-admin', 'tenant-member'] as const satisfies readonly Role[];
export type TenantRole = (typeof tenantRoles)[number];
export const isTenantRole = (role: Role): role is TenantRole => (tenantRoles as readonly Role[]).includes(role);

/** Which tenants a permission covers: all, those the caller onboarded, or its own. */
export type Reach = 'any' | 'onboarded' | 'own';

/** The roles that may call an operation, and their reach. Other roles are refused. */
export type Permissions = Partial<Record<Role, Reach>>;
