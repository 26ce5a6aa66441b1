import type { AccessResource } from '#core/contract/platform/access.ts';
import { account, arn, iamArn, region, userPoolArn } from './arns.ts';

const exactly = (text: string) => (asked: string) => asked === text;
const beginning = (text: string) => (asked: string) => asked.startsWith(text);

/** Whether an ARN is one of those that a resource of the access table stands for. */
export const standsFor = (resource: AccessResource): ((asked: string) => boolean) => {
  switch (resource.kind) {
    case 'table':
      return exactly(arn('dynamodb', `table/${resource.name}`));
    case 'index':
      return exactly(arn('dynamodb', `table/${resource.table}/index/${resource.name}`));
    case 'secrets':
      return beginning(arn('secretsmanager', `secret:${resource.prefix}`));
    case 'bus':
      return exactly(arn('events', `event-bus/${resource.name}`));
    case 'objects':
      return beginning(`arn:aws:s3:::${resource.bucket}-${account}-${region}/${resource.prefix}`);
    case 'workflow':
      return exactly(arn('states', `stateMachine:${resource.name}`));
    case 'executions':
      return beginning(arn('states', `execution:${resource.workflow}:`));
    case 'queue':
      return exactly(arn('sqs', resource.name));
    case 'role':
      return exactly(iamArn(`role/${resource.name}`));
    case 'function':
      return exactly(arn('lambda', `function:tenantry-${resource.name}`));
    case 'user-pool':
      return exactly(userPoolArn);
    default:
      return resource satisfies never;
  }
};
