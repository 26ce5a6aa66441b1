import { Aws, type Stack, Validations } from 'aws-cdk-lib';
import { Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import type { AccessResource, Permission } from '#core/contract/platform/access.ts';
import { arnOf, type Existing } from './arns.ts';

/** The content of a statement; `wildcard` is the reason why its resource must end in `*`. */
export interface Grant {
  actions: readonly string[];
  resources: readonly string[];
  wildcard?: string;
}

const wildcardReasons: Readonly<Partial<Record<AccessResource['kind'], string>>> = {
  secrets:
    'Secrets Manager appends six random characters to every ARN, and tenants come and go; the path restricts it.',
  objects: 'Object names contain time and stream; the prefix restricts it.',
  executions: 'Execution names are operation ids; the state machine restricts it.',
};

/** The grant for one permission of the manifest. */
export const grantOf = (stack: Stack, { actions, resource }: Permission, existing: Existing = {}): Grant => {
  const wildcard = wildcardReasons[resource.kind];
  return { actions, resources: [arnOf(stack, resource, existing)], ...(wildcard && { wildcard }) };
};

/** An ARN as cdk-nag writes it in the id of a finding. */
export const findingName = (arn: string) =>
  [Aws.ACCOUNT_ID, Aws.REGION, Aws.PARTITION]
    .map((token, index) => [token, ['<AWS::AccountId>', '<AWS::Region>', '<AWS::Partition>'][index] ?? ''] as const)
    .reduce((name, [token, written]) => name.replaceAll(token, written), arn)
    .replaceAll(/\$\{([^}]+)\}/g, '<$1>');

/** A policy with exactly these grants. Wildcards that have a reason are acknowledged on `role`, others are not. */
export const policyOf = (role: IConstruct, grants: readonly Grant[]): PolicyDocument => {
  for (const { resources, wildcard } of grants) {
    if (!wildcard) continue;
    for (const arn of resources.filter((resource) => resource.includes('*'))) {
      Validations.of(role).acknowledge({ id: `AwsSolutions-IAM5[Resource::${findingName(arn)}]`, reason: wildcard });
    }
  }
  return new PolicyDocument({
    statements: grants.map(
      ({ actions, resources }) =>
        new PolicyStatement({ effect: Effect.ALLOW, actions: [...actions], resources: [...resources] }),
    ),
  });
};
