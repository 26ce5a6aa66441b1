import * as z from 'zod';
import { tenantRoleName, tenantTag } from '#core/contract/platform/names.ts';
import { denies, type Policy, policyOf } from '#local/aws/authorization/policy.ts';
import { roleArnOf } from '#local/aws/endpoint/names.ts';
import { operation, serviceOf } from '#local/aws/endpoint/operations.ts';
import { AwsError, type AwsService } from '#local/aws/endpoint/service.ts';
import type { Session } from '#local/aws/sts/sessions.ts';
import type { State } from '#local/state.ts';

const named = z.strictObject({ RoleName: z.string(), PolicyName: z.string().regex(/^[\w+=,.@-]{1,128}$/) });
const withDocument = named.extend({ PolicyDocument: z.string().min(1) });

/** IAM allows this many characters for the inline policies of a role, white space not counted. */
const maxPolicyLength = 10_240;

const noSuchEntity = (message: string) => new AwsError('NoSuchEntity', message, 404);

/** IAM, as far as the product uses it: inline policies that are put into the tenants' role at run time. */
export interface RolePolicies {
  service: AwsService;
  /** Whether one of them denies the action to the session. */
  denies(session: Session, action: string): boolean;
}

export const openRolePolicies = async (state: State): Promise<RolePolicies> => {
  const stored = state.section<string>('role-policies');
  const policies = new Map<string, Policy>();
  for await (const [name, document] of stored.entries()) policies.set(name, policyOf('identity', document));

  const put = async ({ RoleName, PolicyName, PolicyDocument }: z.infer<typeof withDocument>) => {
    assertTenantRole(RoleName);
    const policy = policyOf('identity', PolicyDocument);
    if (PolicyDocument.replaceAll(/\s/g, '').length > maxPolicyLength) {
      const message = `Maximum policy size of ${maxPolicyLength} bytes exceeded for role ${RoleName}`;
      throw new AwsError('LimitExceeded', message, 409);
    }
    await stored.put(PolicyName, PolicyDocument);
    policies.set(PolicyName, policy);
    return {};
  };

  const remove = async ({ RoleName, PolicyName }: z.infer<typeof named>) => {
    assertTenantRole(RoleName);
    if (!policies.has(PolicyName)) throw noSuchEntity(`The role policy with name ${PolicyName} cannot be found.`);
    await stored.delete(PolicyName);
    policies.delete(PolicyName);
    return {};
  };

  return {
    service: serviceOf({ PutRolePolicy: operation(withDocument, put), DeleteRolePolicy: operation(named, remove) }),
    denies: ({ role, tenantId }, action) => {
      const principal = { arn: roleArnOf(role), tags: { [tenantTag]: tenantId } };
      return [...policies.values()].some((policy) => denies(policy, principal, action));
    },
  };
};

const assertTenantRole = (name: string) => {
  if (name !== tenantRoleName) throw noSuchEntity(`The role with name ${name} cannot be found.`);
};
