import * as z from 'zod';
import { AwsError } from '#local/aws/endpoint/service.ts';
import { refuse } from './secret.ts';

const texts = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const comparison = z.record(z.string(), texts);

/** As much of IAM's language as tenants' secrets are guarded with; what is beyond it is refused, not overlooked. */
const policySchema = z.strictObject({
  Version: z.literal('2012-10-17'),
  Statement: z
    .array(
      z.strictObject({
        Sid: z.string().optional(),
        Effect: z.literal('Deny'),
        Principal: z.literal('*'),
        Action: texts,
        Resource: z.literal('*'),
        Condition: z
          .strictObject({
            ArnEquals: comparison,
            ArnNotEquals: comparison,
            StringEquals: comparison,
            StringNotEquals: comparison,
          })
          .partial()
          .default({}),
      }),
    )
    .min(1),
});
type Statement = z.infer<typeof policySchema>['Statement'][number];

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw refuse('MalformedPolicyDocument', `The policy is not JSON: ${String(cause)}`);
  }
};

const policyOf = (text: string) => {
  const { success, data, error } = policySchema.safeParse(parsed(text));
  if (success) return data;
  const faults = error.issues.map(({ path, message }) => [...path.map(String), message].join(': '));
  throw refuse('MalformedPolicyDocument', `The local run does not take this policy: ${faults.join('; ')}`);
};

/** Refuses, with MalformedPolicyDocumentException, what `deniedBy` could not judge. */
export const assertPolicy = (text: string): void => void policyOf(text);

export interface Principal {
  /** ARN of the role, not of its session. */
  arn: string;
  /** Session tags. */
  tags: Readonly<Record<string, string>>;
}

const valueOf = ({ arn, tags }: Principal, key: string): string | undefined =>
  key === 'aws:PrincipalArn' ? arn : tags[key.replace(/^aws:PrincipalTag\//, '')];

const equals = (principal: Principal, condition: Readonly<Record<string, string[]>> = {}) =>
  Object.entries(condition).map(([key, wanted]) => wanted.includes(valueOf(principal, key) ?? ''));

/** All conditions must hold; a negated one holds where the key is absent. */
const applies = ({ Action, Condition }: Statement, principal: Principal, action: string) =>
  Action.includes(action) &&
  [Condition.ArnEquals, Condition.StringEquals].every((one) => equals(principal, one).every((holds) => holds)) &&
  [Condition.ArnNotEquals, Condition.StringNotEquals].every((one) => equals(principal, one).every((holds) => !holds));

/** The refusal of an action by the policy on the secret, if it denies it. */
export const deniedBy = (
  policy: string | undefined,
  principal: Principal,
  action: string,
  resource: string,
): AwsError | undefined => {
  if (policy === undefined) return undefined;
  if (!policyOf(policy).Statement.some((statement) => applies(statement, principal, action))) return undefined;
  const message = `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${resource} with an explicit deny in a resource-based policy`;
  return new AwsError('AccessDeniedException', message);
};
