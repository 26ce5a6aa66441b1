import { type Permission, permissionsOf } from '#core/contract/platform/access.ts';
import { functionSpecs } from '#functions/manifest.ts';
import type { AwsCall } from '#local/aws/endpoint/endpoint.ts';
import { speaksQuery } from '#local/aws/endpoint/query-protocol.ts';
import { AwsError } from '#local/aws/endpoint/service.ts';
import type { RolePolicies } from '#local/aws/iam/role-policies.ts';
import { principalOf } from './identity.ts';
import { type Requirement, requirementsOf } from './requirements.ts';
import { covers } from './resources.ts';
import { sessionAllows } from './tenant-session.ts';

const allows = (permissions: readonly Permission[], { action, resource }: Requirement) =>
  permissions.some((permission) => permission.actions.includes(action) && covers(permission.resource, resource));

const refusal = (call: AwsCall, { action, resource }: Requirement, isDenied = false) => {
  const reason = isDenied
    ? 'with an explicit deny in an identity-based policy'
    : `because no identity-based policy allows the ${action} action`;
  const message = `User: ${principalOf(call)} is not authorized to perform: ${action} on resource: ${resource} ${reason}`;
  return call.service === 's3' || speaksQuery(call.service)
    ? new AwsError('AccessDenied', message, 403)
    : new AwsError('AccessDeniedException', message);
};

const permissionsByFunction = () =>
  new Map(Object.entries(functionSpecs).map(([name, { access }]) => [name, permissionsOf(access)]));

interface ByManifest {
  permissions?: ReadonlyMap<string, readonly Permission[]>;
  /** Policies that deny actions to sessions. */
  rolePolicies?: Pick<RolePolicies, 'denies'>;
}

/**
 * Authorizes calls by the manifest, as AWS does by the roles made from it: a function may do what its `access` says and
 * nothing else, code of this process outside any function nothing, and a person with the command line everything. A
 * session of the tenants' role may do what that role allows, unless a policy denies it, no matter which function uses it.
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
