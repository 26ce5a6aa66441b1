import type { Answer } from '#core/contract/api/routes.ts';
import { followText } from './format.ts';
import { operationFeed } from './operation-feed.ts';
import type { Session } from './terminal.ts';
import { operationView, tenantView } from './views.ts';
import { assertSucceeded, watchOperation } from './watch-operation.ts';

/** Shows the started operation, or, when watching, its result. Throws `CommandError` if it was watched and failed. */
export async function reportStarted(session: Session, started: Answer<'createTenant'>, watch: boolean) {
  const { api, show, say } = session;
  if (!watch) {
    const { tenant, operation } = started;
    show(started, () => `${tenantView(tenant)}\nOperation  ${operation.id}`);
    return say(`\n${followText(operation.id)}`);
  }
  const operation = await watchOperation(session, operationFeed(api, started.operation.id));
  const { body: tenant } = await api.call('getTenant', { params: { tenant: started.tenant.tenantId } });
  show({ tenant, operation }, (width) => `${tenantView(tenant)}\n\n${operationView(operation, width)}`);
  return assertSucceeded(operation);
}
