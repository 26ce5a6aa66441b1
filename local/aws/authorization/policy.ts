import * as z from 'zod';
import { AwsError } from '#local/aws/endpoint/service.ts';

const texts = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const comparison = z.record(z.string(), texts);

const statement = {
  Sid: z.string().optional(),
  Effect: z.literal('Deny'),
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
};

const documentOf = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject({ Version: z.literal('2012-10-17'), Statement: z.array(z.strictObject(shape)).min(1) });

/** As much of IAM's language as the product's own policies use; anything else is refused, not overlooked. */
const documents = {
  /** On a secret: it names whom it denies. */
  resource: {
    schema: documentOf({ ...statement, Principal: z.literal('*') }),
    fault: 'MalformedPolicyDocumentException',
  },
  /** In a role: it is about the role's own sessions. */
  identity: { schema: documentOf(statement), fault: 'MalformedPolicyDocument' },
};
export type Policy = z.infer<(typeof documents)['identity']['schema']>;

/** Parses a policy; throws, in the words of its service, what `denies` could not evaluate. */
export const policyOf = (kind: keyof typeof documents, text: string): Policy => {
  const { schema, fault } = documents[kind];
  const { success, data, error } = schema.safeParse(jsonOf(text, fault));
  if (success) return data;
  const faults = error.issues.map(({ path, message }) => [...path.map(String), message].join(': '));
  throw new AwsError(fault, `The local run does not take this policy: ${faults.join('; ')}`);
};

const jsonOf = (text: string, fault: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AwsError(fault, `The policy is not JSON: ${String(cause)}`);
  }
};

export interface Principal {
  /** ARN of the role, not of its session. */
  arn: string;
  /** Session tags. */
  tags: Readonly<Record<string, string>>;
}

/** Whether a statement of the policy denies the action to the principal. */
export const denies = ({ Statement }: Policy, principal: Principal, action: string): boolean =>
  Statement.some((one) => applies(one, principal, action));

/** All conditions must hold; a negated one holds where the key is absent. */
const applies = ({ Action, Condition }: Policy['Statement'][number], principal: Principal, action: string) =>
  (Action.includes('*') || Action.includes(action)) &&
  [Condition.ArnEquals, Condition.StringEquals].every((one) => equals(principal, one).every((holds) => holds)) &&
  [Condition.ArnNotEquals, Condition.StringNotEquals].every((one) => equals(principal, one).every((holds) => !holds));

const equals = (principal: Principal, condition: Readonly<Record<string, string[]>> = {}) =>
  Object.entries(condition).map(([key, wanted]) => wanted.includes(valueOf(principal, key) ?? ''));

const valueOf = ({ arn, tags }: Principal, key: string): string | undefined =>
  key === 'aws:PrincipalArn' ? arn : tags[key.replace(/^aws:PrincipalTag\//, '')];
