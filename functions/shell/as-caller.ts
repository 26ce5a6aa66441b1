import { type AccessFacts, assertInService } from '#core/access/in-service.ts';
import type { Principal } from '#core/access/principal.ts';
import { AppError } from '#core/contract/api/errors.ts';
import { RecentByKey } from '#stores/aws/recent.ts';
import { inTenantScope, isRevoked } from '#stores/aws/tenant-scope.ts';
import { readAccessFacts } from '#stores/registry/tenants.ts';

/** A suspension reaches a caller this much later at most, in ms: well within the five seconds that are promised. */
const factsMs = 2_000;
const mostCallers = 10_000;

const facts = new RecentByKey<AccessFacts>({
  maxAgeMs: factsMs,
  most: mostCallers,
  read: (key) => {
    const [tenantId = '', userId] = key.split(' ');
    return readAccessFacts(tenantId, userId);
  },
});

/**
 * Runs `work` for the caller. For users of a tenant it first checks, by the function's own role, what the registry says
 * of tenant and user, and then uses credentials that reach this tenant alone. Throws `tenant_suspended` or
 * `not_authenticated` if they are not in service.
 */
export const asCaller = async <T>(principal: Principal, requestId: string, work: () => Promise<T>): Promise<T> => {
  const { tenantId, userId } = principal;
  if (tenantId === undefined) return work();
  // Neither an id nor an e-mail address holds a space.
  const known = facts.of(userId === undefined ? tenantId : `${tenantId} ${userId}`);
  assertInService(principal, known.young ?? (await known.get()));
  try {
    return await inTenantScope(tenantId, requestId, work);
  } catch (error) {
    if (!isRevoked(error)) throw error;
    // Suspended since the facts were read; if not, resumed so lately that IAM still denies its sessions.
    assertInService(principal, await known.refresh());
    throw new AppError('dependency_unavailable', 'The AWS sessions of the tenant are still being restored.', {
      cause: error,
    });
  }
};
