import { ArnFormat, type Stack } from 'aws-cdk-lib';
import type { AccessResource } from '#core/contract/platform/access.ts';
import { archiveBucketName, type WorkflowName } from '#core/contract/platform/names.ts';
import type { FunctionName } from '#functions/manifest.ts';

/** Function names are fixed, so that roles and workflows can refer to functions before they exist. */
export const deployedFunctionName = (name: FunctionName) => `tenantry-${name}`;

/** Role names are fixed, since policies written at run time refer to them; roles are global, so their names include the region. */
export const deployedRoleName = (stack: Stack, name: FunctionName) => `${deployedFunctionName(name)}-${stack.region}`;

export const roleArn = (stack: Stack, roleName: string) =>
  stack.formatArn({ service: 'iam', region: '', resource: 'role', resourceName: roleName });

/** Bucket names are global, so they include account and region. */
export const deployedBucketName = (stack: Stack, name: string = archiveBucketName) =>
  `${name}-${stack.account}-${stack.region}`;

export const functionArn = (stack: Stack, name: FunctionName) =>
  stack.formatArn({
    service: 'lambda',
    resource: 'function',
    resourceName: deployedFunctionName(name),
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

/** The common prefix of the ARNs of all secrets under a path. */
export const secretArnPrefix = (stack: Stack, path: string) =>
  stack.formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    resourceName: path,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

export const workflowArn = (stack: Stack, name: WorkflowName) => arnOf(stack, { kind: 'workflow', name });

/** Resources whose ARNs are generated, so they must exist before a policy can refer to them. */
export interface Existing {
  userPoolArn?: string;
}

/** The ARN of a permission's resource, in the stack's account and region. */
export const arnOf = (stack: Stack, resource: AccessResource, existing: Existing = {}): string => {
  const colon = (service: string, type: string, resourceName: string) =>
    stack.formatArn({ service, resource: type, resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  switch (resource.kind) {
    case 'table':
      return stack.formatArn({ service: 'dynamodb', resource: 'table', resourceName: resource.name });
    case 'index':
      return stack.formatArn({
        service: 'dynamodb',
        resource: 'table',
        resourceName: `${resource.table}/index/${resource.name}`,
      });
    case 'secrets':
      return `${secretArnPrefix(stack, resource.prefix)}*`;
    case 'bus':
      return stack.formatArn({ service: 'events', resource: 'event-bus', resourceName: resource.name });
    case 'objects':
      return `arn:${stack.partition}:s3:::${deployedBucketName(stack, resource.bucket)}/${resource.prefix}*`;
    case 'workflow':
      return colon('states', 'stateMachine', resource.name);
    case 'executions':
      return colon('states', 'execution', `${resource.workflow}:*`);
    case 'queue':
      return stack.formatArn({ service: 'sqs', resource: resource.name });
    case 'user-pool':
      return existing.userPoolArn ?? '';
    case 'role':
      return roleArn(stack, resource.name);
    case 'function':
      return colon('lambda', 'function', `tenantry-${resource.name}`);
    default:
      return resource satisfies never;
  }
};
