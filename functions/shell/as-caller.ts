import { type AccessFacts, assertInService } from '#core/access/in-service.ts';
import type { Principal } from '#core/access/principal.ts';
import { RecentByKey } from '#stores/aws/recent.ts';
import { inTenantScope } from '#stores/aws/tenant-scope.ts';
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
 * Runs `work` for the caller. One of a tenant is first judged by what the registry says of its tenant and itself, and
 * then reads with credentials of its own tenant, which reach nothing else.
 */
export const asCaller = <T>(principal: Principal, requestId: string, work: () => Promise<T>): Promise<T> => {
  const { tenantId, userId } = principal;
  if (tenantId === undefined) return work();
  // Neither an id nor an e-mail address holds a space.
  const known = facts.of(userId === undefined ? tenantId : `${tenantId} ${userId}`);
  return inTenantScope(tenantId, requestId, async () => {
    assertInService(principal, known.young ?? (await known.get()));
    return await work();
  });
};
