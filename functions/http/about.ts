import { openApiDocument } from '#core/contract/openapi.ts';
import { routeTable } from '#core/contract/routes.ts';
import { meterOf } from '#functions/limits/callers.ts';
import { http } from '#functions/shell/http.ts';

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
  getOpenApi: async () => ({ body: openApiDocument() }),
  getHealth: async () => ({ body: { status: 'ok' } }),
});
