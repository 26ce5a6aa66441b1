import { onboarderRef } from '#core/access/principal.ts';
import { AppError } from '#core/contract/api/errors.ts';
import { retryOnboarding } from '#core/onboard-tenant/retry-onboarding.ts';
import { publicTenant, type TenantRecord } from '#core/tenant/tenant-record.ts';
import { updateTenant } from '#core/tenant/update-tenant.ts';
import { deps } from '#functions/deps.ts';
import { registerAndStart } from '#functions/onboard-tenant/register.ts';
import { beginAndStart } from '#functions/operation/begin.ts';
import type { Requested } from '#functions/operation/request.ts';
import { type Call, http } from '#functions/shell/http.ts';
import { requestResumption, requestSuspension } from '#functions/suspend-tenant/request-suspension.ts';
import { commit } from '#stores/registry/commit.ts';
import { listTenants } from '#stores/registry/tenants.ts';
import { entityTag, idempotencyKeyOf, versionMatching } from './preconditions.ts';
import { reachableTenant } from './reachable-tenant.ts';

const single = (tenant: TenantRecord) => ({ body: publicTenant(tenant), headers: { etag: entityTag(tenant) } });
const atOperation = (operationId: string) => ({ location: `/v1/operations/${operationId}` });

/** 202 where the request began the operation, 200 where it found it begun. */
const requested = ({ answer, isNew }: Requested) => ({
  body: answer,
  ...(isNew && { status: 202 as const }),
  headers: atOperation(answer.operation.id),
});

const suspensionOf = async (call: Call<'suspendTenant'> | Call<'resumeTenant'>) => ({
  tenantId: (await reachableTenant(call)).tenantId,
  reason: call.body.reason,
  idempotencyKey: idempotencyKeyOf(call.headers),
  cause: call.cause,
});

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
    const { change, operation, answer } = retryOnboarding({
      tenant,
      operationId: deps.newOperationId(),
      requestId,
      now: deps.now(),
    });
    const request = { content: undefined, idempotencyKey: undefined, cause: call.cause };
    const begun = await beginAndStart({ answer, operation, change: { ...change, cause: call.cause } }, request);
    return { body: begun, headers: atOperation(begun.operation.id) };
  },

  suspendTenant: async (call) => requested(await requestSuspension(await suspensionOf(call))),

  resumeTenant: async (call) => requested(await requestResumption(await suspensionOf(call))),
});
