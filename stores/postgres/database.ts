import { poolNamespace } from '#core/shards/place-tenant.ts';

/** Where a shard's Postgres listens. */
export interface ShardEndpoint {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** The server's certificate is verified against Node's roots; NODE_EXTRA_CA_CERTS adds a private one. */
  readonly tls: boolean;
}

export interface ShardLogin {
  readonly user: string;
  readonly password: string;
}

/** A shard with the control plane's logins: one manages roles, one owns the tables that migrations create. */
export interface ShardDatabase {
  readonly endpoint: ShardEndpoint;
  readonly admin: ShardLogin;
  readonly migrator: ShardLogin;
}

export const migratorRole = 'tenantry_migrator';
export const ownerRole = 'tenantry_owner';

/** A tenant's own login on its shard; the namespace is `pool` or the tenant's id. */
export interface TenantAccess {
  readonly tenantId: string;
  readonly password: string;
  readonly namespace: string;
}

/** The role that a namespace's tables are granted to: the group of pooled tenants, or the one tenant. */
export const granteeOf = (namespace: string): string => (namespace === poolNamespace ? 'tenantry_pool' : namespace);

export type TenantGroup = 'tenantry_pool' | 'tenantry_tenant';

/** The group a tenant's role belongs to: only pooled tenants may reach the pool's tables. */
export const tenantGroupOf = (namespace: string): TenantGroup =>
  namespace === poolNamespace ? 'tenantry_pool' : 'tenantry_tenant';
