import { type AccessFacts, assertInService } from '#core/access/in-service.ts';
import type { Principal } from '#core/access/principal.ts';
import { AppError } from '#core/contract/api/errors.ts';
import { inTenantScope, isRevoked } from '#stores/aws/tenant-scope.ts';
import { TtlCache } from '#stores/aws/ttl-cache.ts';
import { readAccessFacts } from '#stores/registry/tenants.ts';

/** A suspension takes effect within this time, well within the five seconds that are promised. */
const accessFacts = new TtlCache<AccessFacts>({ ttlMs: 2_000, maxKeys: 10_000 });

/**
 * Runs `work` for the caller. For users of a tenant it first checks, by the function's own role, what the registry says
 * of tenant and user, and then uses credentials that reach this tenant alone. Throws `tenant_suspended` or
 * `not_authenticated` if they are not in service.
 */
export const asCaller = async <T>(principal: Principal, requestId: string, work: () => Promise<T>): Promise<T> => {
  const { tenantId, userId } = principal;
  if (tenantId === undefined) return work();
  // Neither an id nor an e-mail address contains a space.
  const key = userId === undefined ? tenantId : `${tenantId} ${userId}`;
  const read = () => readAccessFacts(tenantId, userId);
  assertInService(principal, await accessFacts.get(key, read));
  try {
    return await inTenantScope(tenantId, requestId, work);
  } catch (error) {
    if (!isRevoked(error)) throw error;
    // The tenant was suspended after the facts were read, or resumed so recently that IAM still denies its sessions.
    assertInService(principal, await accessFacts.refresh(key, read));
    throw new AppError('dependency_unavailable', 'The AWS sessions of the tenant are still being restored.', {
      cause: error,
    });
  }
};
