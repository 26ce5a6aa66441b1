import { onboarderRef } from '#core/access/principal.ts';
import { AppError } from '#core/contract/api/errors.ts';
import { retryOnboarding } from '#core/onboard-tenant/retry-onboarding.ts';
import { publicTenant, type TenantRecord } from '#core/tenant/tenant-record.ts';
import { updateTenant } from '#core/tenant/update-tenant.ts';
import { deps } from '#functions/deps.ts';
import { registerAndStart } from '#functions/onboard-tenant/register.ts';
import { http } from '#functions/shell/http.ts';
import { commit } from '#stores/registry/commit.ts';
import { listTenants } from '#stores/registry/tenants.ts';
import { startOnboarding } from '#stores/workflows/executions.ts';
import { entityTag, idempotencyKeyOf, versionMatching } from './preconditions.ts';
import { reachableTenant } from './reachable-tenant.ts';

const single = (tenant: TenantRecord) => ({ body: publicTenant(tenant), headers: { etag: entityTag(tenant) } });
const atOperation = (operationId: string) => ({ location: `/v1/operations/${operationId}` });

export const handler = http('tenants-api', {
  createTenant: async ({ body, headers, cause }) => {
    const answer = await registerAndStart({ request: body, idempotencyKey: idempotencyKeyOf(headers), cause });
    return { body: answer, headers: atOperation(answer.operation.id) };
  },

  listTenants: async ({ query: { sort, order, limit, cursor, ...filter }, principal, reach }) => {
    const page = await listTenants(
      { ...filter, ...(reach === 'onboarded' && { onboardedBy: onboarderRef(principal) }) },
      { sort, order, limit, cursor },
    );
    return { body: { ...page, items: page.items.map(publicTenant) } };
  },

  getTenant: async (call) => single(await reachableTenant(call)),

  updateTenant: async (call) => {
    const tenant = versionMatching(call.headers, await reachableTenant(call));
    const { change, updated } = updateTenant(tenant, call.body, deps.now());
    await commit({ ...change, cause: call.cause });
    return single(updated);
  },

  retryTenant: async (call) => {
    const tenant = await reachableTenant(call);
    if (tenant.status !== 'failed') {
      throw new AppError('invalid_transition', `Only a failed tenant can be retried; this one is ${tenant.status}.`);
    }
    const { requestId } = call.cause;
    const { change, answer } = retryOnboarding({
      tenant,
      operationId: deps.newOperationId(),
      requestId,
      now: deps.now(),
    });
    await commit({ ...change, cause: call.cause });
    await startOnboarding({ tenantId: tenant.tenantId, operationId: answer.operation.id, requestId });
    return { body: answer, headers: atOperation(answer.operation.id) };
  },
});
