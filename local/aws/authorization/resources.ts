import type { AccessResource } from '#core/contract/platform/access.ts';
import { arnOf, localUserPool, roleArnOf } from '#local/aws/endpoint/names.ts';

/** ARNs of what calls are about; a secret without the six characters that AWS adds, under which policies name it. */
export const arns = {
  table: (name: string) => arnOf('dynamodb', `table/${name}`),
  index: (table: string, name: string) => arnOf('dynamodb', `table/${table}/index/${name}`),
  secret: (name: string) => arnOf('secretsmanager', `secret:${name}`),
  bus: (name: string) => arnOf('events', `event-bus/${name}`),
  object: (bucket: string, key: string) => `arn:aws:s3:::${bucket}/${key}`,
  workflow: (name: string) => arnOf('states', `stateMachine:${name}`),
  execution: (workflow: string, name: string) => arnOf('states', `execution:${workflow}:${name}`),
  queue: (name: string) => arnOf('sqs', name),
  function: (name: string) => arnOf('lambda', `function:${name}`),
  role: roleArnOf,
  userPool: arnOf('cognito-idp', `userpool/${localUserPool}`),
} as const;

/** Whether a resource of the manifest is, or by its prefix includes, the one with this ARN. */
export const covers = (granted: AccessResource, arn: string): boolean => {
  switch (granted.kind) {
    case 'table':
    case 'bus':
    case 'queue':
    case 'role':
    case 'workflow':
    case 'function':
      return arn === arns[granted.kind](granted.name);
    case 'index':
      return arn === arns.index(granted.table, granted.name);
    case 'secrets':
      return arn.startsWith(arns.secret(granted.prefix));
    case 'objects':
      return arn.startsWith(arns.object(granted.bucket, granted.prefix));
    case 'executions':
      return arn.startsWith(arns.execution(granted.workflow, ''));
    case 'user-pool':
      return arn === arns.userPool;
    default:
      return granted satisfies never;
  }
};
