import { type AccessResource, type Permission, permissionsOf } from '#core/contract/platform/access.ts';
import { functionSpecs } from '#functions/manifest.ts';
import type { AwsCall } from '#local/aws/endpoint/endpoint.ts';
import { AwsError } from '#local/aws/endpoint/service.ts';
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

const refusal = (call: AwsCall, { action, resource }: Requirement) => {
  const message = `User: ${principalOf(call)} is not authorized to perform: ${action} on resource: ${describeResource(resource)} because no identity-based policy allows the ${action} action`;
  return call.service === 's3'
    ? new AwsError('AccessDenied', message, 403)
    : new AwsError('AccessDeniedException', message);
};

/**
 * Judges calls by the manifest, as AWS will by the roles made from it: a function may do what its `access` says and
 * nothing else, code of this process outside any function nothing, and a person with the command line everything.
 * A session of an assumed role is judged by that role alone, whoever holds it.
 */
export const authorizeByManifest = (
  permissions: ReadonlyMap<string, readonly Permission[]> = permissionsByFunction(),
) => {
  return (call: AwsCall): AwsError | undefined => {
    const { session, caller } = call;
    if (session) return refusedUnless(call, (requirement) => sessionAllows(session, requirement));
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
