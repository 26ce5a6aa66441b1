import { AppError } from '#core/contract/api/errors.ts';
import { isClosed, type Tenant } from '#core/contract/model/tenant.ts';
import type { User } from '#core/contract/model/user.ts';
import type { Principal } from './principal.ts';

/** What the registry says of a tenant's caller: its tenant, and its own record where its token names one. */
export interface AccessFacts {
  tenant: Pick<Tenant, 'status' | 'tokensValidFrom'> | undefined;
  user: Pick<User, 'role' | 'status'> | undefined;
}

const refused = (message: string) => new AppError('not_authenticated', message);

/**
 * Throws `not_authenticated` where a verified token is good no more: its tenant is closed or unknown, it was issued
 * before its tenant was last closed, or its user was disabled, removed or given another role since.
 */
export const assertInService = ({ role, userId, issuedAt = 0 }: Principal, { tenant, user }: AccessFacts): void => {
  if (!tenant) throw refused('The token belongs to no tenant that is known here.');
  if (isClosed(tenant.status)) throw refused(`The tenant of this token is ${tenant.status}.`);
  // A token tells its time in whole seconds: one of the second in which the tenant was closed counts as older.
  const validFrom = tenant.tokensValidFrom === undefined ? 0 : Date.parse(tenant.tokensValidFrom);
  if (validFrom > 0 && issuedAt <= Math.floor(validFrom / 1000)) {
    throw refused('The token was issued before its tenant was suspended: sign in again.');
  }
  if (userId === undefined) return;
  if (!user || user.status === 'disabled') throw refused('The user of this token may no longer sign in.');
  if (user.role !== role) throw refused("The user's role has changed: sign in again.");
};
