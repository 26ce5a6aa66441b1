import type { Stack } from 'aws-cdk-lib';
import { asText, type Resource, type Synthesised, target } from '#test/infra/synthesised.ts';
import { account, arn, iamArn, region, streamArn, userPoolArn } from './arns.ts';
import type { NamedPolicy } from './evaluate.ts';

export interface SynthesisedRole {
  id: string;
  /** The name it is given, where it is given one. */
  name: string | undefined;
  trust: { Statement: object[] };
  policies: NamedPolicy[];
}

/** What CloudFormation will fill in, as far as policies name it: the ARN of what has no fixed name. */
const attributeArn = (id: string, { Type, Properties }: Resource): string | undefined => {
  switch (Type) {
    case 'AWS::Logs::LogGroup':
      return arn('logs', `log-group:${Properties.LogGroupName ?? `/${id}`}:*`);
    case 'AWS::Lambda::Function':
      return arn('lambda', `function:${Properties.FunctionName}`);
    case 'AWS::IAM::Role':
      return iamArn(`role/${Properties.RoleName ?? id}`);
    case 'AWS::KMS::Key':
      return arn('kms', `key/${id}`);
    case 'AWS::Cognito::UserPool':
      return userPoolArn;
    default:
      return undefined;
  }
};

/** The value with every reference of the template filled in; one that is not known here is an error. */
const filledIn = (value: unknown, resources: ReadonlyMap<string, Resource>): unknown => {
  if (Array.isArray(value)) return value.map((part) => filledIn(part, resources));
  if (typeof value !== 'object' || value === null) return value;
  const keys = Object.keys(value);
  if (keys.length === 1 && /^(Ref|Fn::.*)$/.test(keys[0] ?? '')) return resolved(asText(value), resources);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, filledIn(part, resources)]));
};

const resolved = (text: string, resources: ReadonlyMap<string, Resource>): string =>
  text
    .replaceAll('<AWS::AccountId>', account)
    .replaceAll('<AWS::Region>', region)
    .replaceAll('<AWS::Partition>', 'aws')
    .replaceAll(/<output \w*GetAtt(\w+)Table\w+StreamArn\w*>/g, (_output, table: string) => streamArn(table))
    .replaceAll(/<(\w+)\.Arn>/g, (reference, id: string) => {
      const resource = resources.get(id);
      const known = resource && attributeArn(id, resource);
      if (known === undefined) throw new Error(`The policy search does not know what ${reference} stands for.`);
      return known;
    });

/** Every role of a stack with the policies it carries and those attached to it, as IAM will get them. */
export const rolesOf = (made: Synthesised, stack: Stack | undefined): SynthesisedRole[] => {
  const resources = new Map(made.resources(stack));
  const attached = made.resources(stack, 'AWS::IAM::Policy').map(([, { Properties }]) => Properties);
  return made.resources(stack, 'AWS::IAM::Role').map(([id, { Properties }]) => ({
    id,
    name: Properties.RoleName as string | undefined,
    trust: filledIn(Properties.AssumeRolePolicyDocument, resources) as SynthesisedRole['trust'],
    policies: [
      ...(Properties.Policies ?? []),
      ...attached.filter(({ Roles }) => (Roles as unknown[]).some((role) => target(role) === id)),
    ].map(({ PolicyName, PolicyDocument }) => ({
      name: String(PolicyName),
      policy: filledIn(PolicyDocument, resources) as NamedPolicy['policy'],
    })),
  }));
};
