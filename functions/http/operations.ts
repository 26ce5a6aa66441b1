import { reaches } from '#core/access/principal.ts';
import { notFound } from '#core/contract/api/errors.ts';
import { publicChange } from '#core/flags/change-flag-set.ts';
import { publicOperation } from '#core/tenant/tenant-record.ts';
import { http } from '#functions/shell/http.ts';
import { findChange } from '#stores/flags/changes.ts';
import { findOperation, findTenant, listOperations } from '#stores/registry/tenants.ts';
import { reachableTenant } from './reachable-tenant.ts';

export const handler = http('operations-api', {
  listOperations: async (call) => {
    const { tenantId } = await reachableTenant(call);
    const page = await listOperations(tenantId, call.query.limit, call.query.cursor);
    return { body: { ...page, items: page.items.map(publicOperation) } };
  },

  getOperation: async ({ params, principal, reach }) => {
    const operationId = params['operation'] ?? '';
    const operation = await findOperation(operationId, reach === 'own' ? principal.tenantId : undefined);
    const change = operation || reach !== 'any' ? undefined : await findChange(operationId);
    if (change) return { body: publicChange(change) };
    const tenant = operation && (await findTenant(operation.tenantId));
    if (!operation || !tenant || !reaches(principal, reach, tenant)) {
      throw notFound();
    }
    return { body: publicOperation(operation) };
  },
});
