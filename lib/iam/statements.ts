import { Aws, type Stack, Validations } from 'aws-cdk-lib';
import { Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import type { AccessResource, Permission } from '#core/contract/platform/access.ts';
import { arnOf, type Existing } from './arns.ts';

/** A statement in the making; `wildcard` is the reason why a resource that ends in `*` cannot be named closer. */
export interface Grant {
  actions: readonly string[];
  resources: readonly string[];
  wildcard?: string;
}

const wildcardReasons: Readonly<Partial<Record<AccessResource['kind'], string>>> = {
  secrets: 'Secrets Manager ends every ARN with six random letters, and tenants come and go: the path is the fence.',
  objects: 'Objects are named by time and stream while they are written: the prefix is the fence.',
  executions: 'Executions are named by operation while they run: the state machine is the fence.',
};

/** The grant of one permission of the manifest. */
export const grantOf = (stack: Stack, { actions, resource }: Permission, existing: Existing = {}): Grant => {
  const wildcard = wildcardReasons[resource.kind];
  return { actions, resources: [arnOf(stack, resource, existing)], ...(wildcard && { wildcard }) };
};

/** How cdk-nag writes an ARN in the name of a finding. */
export const findingName = (arn: string) =>
  [Aws.ACCOUNT_ID, Aws.REGION, Aws.PARTITION]
    .map((token, index) => [token, ['<AWS::AccountId>', '<AWS::Region>', '<AWS::Partition>'][index] ?? ''] as const)
    .reduce((name, [token, written]) => name.replaceAll(token, written), arn)
    .replaceAll(/\$\{([^}]+)\}/g, '<$1>');

/** A policy of exactly these grants; the wildcards that carry a reason are acknowledged on `role`, others are not. */
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
