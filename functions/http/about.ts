import { openApiDocument } from '#core/contract/api/openapi.ts';
import { routeTable } from '#core/contract/api/routes.ts';
import { meterOf } from '#functions/limits/callers.ts';
import { http } from '#functions/shell/http.ts';

/** Built by the first request for it: that takes 40 ms, which no other operation should wait for. */
let document: ReturnType<typeof openApiDocument> | undefined;

export const handler = http('about-api', {
  getMe: async ({ principal, principal: { id, role, tenantId } }) => ({
    body: {
      id,
      role,
      ...(tenantId !== undefined && { tenantId }),
      operations: routeTable
        .filter(({ access }) => access !== 'public' && access[role])
        .map(({ operationId }) => operationId),
      limits: (await meterOf(principal)).limits,
    },
  }),
  getOpenApi: async () => ({ body: (document ??= openApiDocument()) }),
  getHealth: async () => ({ body: { status: 'ok' } }),
});
