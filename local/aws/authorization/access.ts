import { type AccessResource, type Permission, permissionsOf } from '#core/contract/platform/access.ts';
import { functionSpecs } from '#functions/manifest.ts';
import type { AwsCall } from '#local/aws/endpoint/endpoint.ts';
import { speaksQuery } from '#local/aws/endpoint/query-protocol.ts';
import { AwsError } from '#local/aws/endpoint/service.ts';
import type { RolePolicies } from '#local/aws/iam/role-policies.ts';
import { principalOf } from './identity.ts';
import { type AskedResource, describeResource, type Requirement, requirementsOf } from './requirements.ts';
import { sessionAllows } from './tenant-session.ts';

const covers = (granted: AccessResource, asked: AskedResource): boolean => {
  switch (granted.kind) {
    case 'table':
    case 'bus':
    case 'queue':
    case 'role':
    case 'workflow':
    case 'function':
      return asked.kind === granted.kind && asked.name === granted.name;
    case 'index':
      return asked.kind === 'index' && asked.table === granted.table && asked.name === granted.name;
    case 'secrets':
      return asked.kind === 'secrets' && asked.name.startsWith(granted.prefix);
    case 'user-pool':
      return asked.kind === 'user-pool';
    case 'objects':
      return asked.kind === 'objects' && asked.bucket === granted.bucket && asked.key.startsWith(granted.prefix);
    case 'executions':
      return asked.kind === 'executions' && asked.workflow === granted.workflow;
    default:
      return granted satisfies never;
  }
};

const allows = (permissions: readonly Permission[], { action, resource }: Requirement) =>
  permissions.some((permission) => permission.actions.includes(action) && covers(permission.resource, resource));

const refusal = (call: AwsCall, { action, resource }: Requirement, isDenied = false) => {
  const reason = isDenied
    ? 'with an explicit deny in an identity-based policy'
    : `because no identity-based policy allows the ${action} action`;
  const message = `User: ${principalOf(call)} is not authorized to perform: ${action} on resource: ${describeResource(resource)} ${reason}`;
  return call.service === 's3' || speaksQuery(call.service)
    ? new AwsError('AccessDenied', message, 403)
    : new AwsError('AccessDeniedException', message);
};

interface ByManifest {
  permissions?: ReadonlyMap<string, readonly Permission[]>;
  /** Policies that deny actions to sessions. */
  rolePolicies?: Pick<RolePolicies, 'denies'>;
}

/**
 * Authorizes calls by the manifest, as AWS does by the roles made from it: a function may do what its `access` says and
 * nothing else, code of this process outside any function nothing, and a person with the command line everything. A
 * session of the tenants' role may do what that role allows, unless a policy denies it, whoever uses it.
 */
export const authorizeByManifest = ({ permissions = permissionsByFunction(), rolePolicies }: ByManifest = {}) => {
  return (call: AwsCall): AwsError | undefined => {
    const { session, caller } = call;
    if (session) {
      const denied = rolePolicies && requirementsOf(call).find(({ action }) => rolePolicies.denies(session, action));
      if (denied) return refusal(call, denied, true);
      return refusedUnless(call, (requirement) => sessionAllows(session, requirement));
    }
    if (caller === undefined) return undefined;
    const granted = permissions.get(caller) ?? [];
    return refusedUnless(call, (requirement) => allows(granted, requirement));
  };
};

const refusedUnless = (call: AwsCall, isAllowed: (requirement: Requirement) => boolean) => {
  const missing = requirementsOf(call).find((requirement) => !isAllowed(requirement));
  return missing && refusal(call, missing);
};

const permissionsByFunction = () =>
  new Map(Object.entries(functionSpecs).map(([name, { access }]) => [name, permissionsOf(access)]));
