import { reaches } from '#core/access/principal.ts';
import { notFound } from '#core/contract/api/errors.ts';
import { publicOperation } from '#core/operation/operation.ts';
import { http } from '#functions/shell/http.ts';
import { findOperation, listOperations } from '#stores/registry/operations.ts';
import { findTenant } from '#stores/registry/tenants.ts';
import { reachableTenant } from './reachable-tenant.ts';

export const handler = http('operations-api', {
  listOperations: async (call) => {
    const { tenantId } = await reachableTenant(call);
    const { limit, cursor, ...filter } = call.query;
    const page = await listOperations({ ...filter, tenantId }, { limit, cursor });
    return { body: { ...page, items: page.items.map(publicOperation) } };
  },

  listAllOperations: async ({ query: { limit, cursor, tenant: reference, ...filter } }) => {
    const tenant = reference === undefined ? undefined : await findTenant(reference);
    if (reference !== undefined && !tenant) throw notFound();
    const page = await listOperations({ ...filter, tenantId: tenant?.tenantId }, { limit, cursor });
    return { body: { ...page, items: page.items.map(publicOperation) } };
  },

  getOperation: async ({ params, principal, reach }) => {
    const { tenantId = '' } = principal;
    const owner = reach === 'own' ? ({ type: 'tenant', id: tenantId } as const) : undefined;
    const operation = await findOperation(params['operation'] ?? '', owner);
    if (!operation) throw notFound();
    const tenant = operation.tenantId === undefined ? undefined : await findTenant(operation.tenantId);
    if (reach !== 'any' && !(tenant && reaches(principal, reach, tenant))) throw notFound();
    return { body: publicOperation(operation) };
  },
});
