import { tenantPartition, tenantSecretPrefix } from '#core/contract/platform/names.ts';
import { scopedResources, tenantScope } from '#core/contract/platform/tenant-scope.ts';
import type { Session } from '#local/aws/sts/sessions.ts';
import type { Requirement } from './requirements.ts';

const includes = (actions: readonly string[], action: string) => actions.includes(action);
const isScoped = (table: string, index: string | undefined) =>
  scopedResources.some((scoped) => scoped.table === table && scoped.index === index);

/** Whether the policy of the tenants' role lets a session do this: what IAM makes of the same `tenant-scope.ts`. */
export const sessionAllows = ({ tenantId }: Session, { action, resource, leadingKeys = [] }: Requirement): boolean => {
  const partition = tenantPartition(tenantId);
  // Without any key IAM's ForAllValues would hold: the policy's Null condition is what refuses it.
  const inPartition = leadingKeys.length > 0 && leadingKeys.every((key) => key === partition);
  switch (resource.kind) {
    case 'table':
      return isScoped(resource.name, undefined) && includes(tenantScope.items, action) && inPartition;
    case 'index':
      return isScoped(resource.table, resource.name) && includes(tenantScope.items, action) && inPartition;
    case 'secrets':
      return includes(tenantScope.secrets, action) && resource.name.startsWith(tenantSecretPrefix(tenantId));
    default:
      return false;
  }
};
