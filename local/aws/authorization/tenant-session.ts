import { tenantPartition, tenantSecretPrefix } from '#core/contract/platform/names.ts';
import { scopedResources, tenantScope } from '#core/contract/platform/tenant-scope.ts';
import type { Session } from '#local/aws/sts/sessions.ts';
import type { Requirement } from './requirements.ts';
import { arns } from './resources.ts';

const includes = (actions: readonly string[], action: string) => actions.includes(action);

const scoped = new Set(
  scopedResources.map(({ table, index }) => (index === undefined ? arns.table(table) : arns.index(table, index))),
);

/** Whether the policy of the tenants' role lets a session do this: what IAM makes of the same `tenant-scope.ts`. */
export const sessionAllows = ({ tenantId }: Session, { action, resource, leadingKeys = [] }: Requirement): boolean => {
  const partition = tenantPartition(tenantId);
  // Without any key IAM's ForAllValues would hold: the policy's Null condition is what refuses it.
  const inPartition = leadingKeys.length > 0 && leadingKeys.every((key) => key === partition);
  if (includes(tenantScope.items, action)) return scoped.has(resource) && inPartition;
  return includes(tenantScope.secrets, action) && resource.startsWith(arns.secret(tenantSecretPrefix(tenantId)));
};
