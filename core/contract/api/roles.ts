import * as z from 'zod';

export const roles = ['platform-admin', 'platform-auditor', 'sales', 'tenant-admin', 'tenant-member'] as const;
export const roleSchema = z.enum(roles);
export type Role = z.infer<typeof roleSchema>;

/** Roles that belong to one tenant: their tokens carry `tenantry_tenant`. */
export const tenantRoles = ['tenant-admin', 'tenant-member'] as const satisfies readonly Role[];
export type TenantRole = (typeof tenantRoles)[number];
export const isTenantRole = (role: Role): role is TenantRole => (tenantRoles as readonly Role[]).includes(role);

/** Whose tenants a role's permission reaches: every tenant, those it onboarded itself, or its own. */
export type Reach = 'any' | 'onboarded' | 'own';

/** What each role may do: operation id → reach. What is not listed is refused. */
export type Permissions = Partial<Record<Role, Reach>>;
