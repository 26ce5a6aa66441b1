import { AppError } from '#core/contract/api/errors.ts';
import { isClosed, type Tenant } from '#core/contract/model/tenant.ts';
import type { User } from '#core/contract/model/user.ts';
import type { Principal } from './principal.ts';

/** The registry's facts about a tenant's caller: its tenant, and its user record if its token names one. */
export interface AccessFacts {
  tenant: Pick<Tenant, 'status' | 'tokensValidFrom'> | undefined;
  user: Pick<User, 'role' | 'status'> | undefined;
}

const refused = (message: string) => new AppError('not_authenticated', message);

/** Throws `tenant_suspended` for a suspended tenant, `not_authenticated` for one that is unknown or closed for good. */
export function assertTenantInService<T extends Pick<Tenant, 'status'>>(tenant: T | undefined): asserts tenant is T {
  if (!tenant) throw refused('The tenant of this token is unknown.');
  if (tenant.status === 'suspended') throw new AppError('tenant_suspended', 'The tenant is suspended.');
  if (isClosed(tenant.status)) throw refused(`The tenant of this token is ${tenant.status}.`);
}

/**
 * Throws `tenant_suspended` while the tenant of a verified token is suspended, and `not_authenticated` when the token is
 * no longer valid: its tenant is closed or unknown, it was issued before its tenant was last closed, or its user has been
 * disabled, removed or given another role since.
 */
export const assertInService = ({ role, userId, issuedAt = 0 }: Principal, { tenant, user }: AccessFacts): void => {
  assertTenantInService(tenant);
  // `iat` is in whole seconds: a token issued in the second in which the tenant was closed counts as older.
  const validFrom = tenant.tokensValidFrom === undefined ? 0 : Date.parse(tenant.tokensValidFrom);
  if (validFrom > 0 && issuedAt <= Math.floor(validFrom / 1000)) {
    throw refused('The token was issued before its tenant was suspended: sign in again.');
  }
  if (userId === undefined) return;
  if (!user || user.status === 'disabled') throw refused('The user of this token may no longer sign in.');
  if (user.role !== role) throw refused("The user's role has changed: sign in again.");
};
