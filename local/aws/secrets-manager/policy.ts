import { denies, type Principal, policyOf } from '#local/aws/authorization/policy.ts';
import { AwsError } from '#local/aws/endpoint/service.ts';

/** Refuses, with MalformedPolicyDocumentException, what `deniedBy` could not evaluate. */
export const assertPolicy = (text: string): void => void policyOf('resource', text);

/** The refusal of an action by the policy on the secret, if it denies it. */
export const deniedBy = (
  policy: string | undefined,
  principal: Principal,
  action: string,
  resource: string,
): AwsError | undefined => {
  if (policy === undefined || !denies(policyOf('resource', policy), principal, action)) return undefined;
  const message = `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${resource} with an explicit deny in a resource-based policy`;
  return new AwsError('AccessDeniedException', message);
};
