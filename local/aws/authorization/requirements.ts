import type { AwsCall } from '#local/aws/endpoint/endpoint.ts';
import { arnOf, lastPartOf, localUserPool, roleArnOf } from '#local/aws/endpoint/names.ts';
import { keysOfBatch, keysOfItem, keysOfQuery } from './leading-keys.ts';

/** One thing a call does: an IAM action on one resource. `kind` and names are those of `core/contract/platform/access.ts`. */
export interface Requirement {
  action: string;
  resource: AskedResource;
  /** The partitions that a call for items names; absent where it names none, as a Scan. */
  leadingKeys?: readonly string[];
}

export type AskedResource =
  | { kind: 'table' | 'bus' | 'workflow' | 'queue' | 'secrets' | 'role' | 'function'; name: string }
  | { kind: 'index'; table: string; name: string }
  | { kind: 'objects'; bucket: string; key: string }
  | { kind: 'executions'; workflow: string; name: string }
  | { kind: 'user-pool' }
  /** A call that is about no single resource, or about one that no function is ever given. */
  | { kind: 'any' };

type Input = Readonly<Record<string, unknown>>;

const isInput = (value: unknown): value is Input =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown) => (typeof value === 'string' ? value : '');
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const table = (value: unknown): AskedResource => ({ kind: 'table', name: lastPartOf(text(value)) });

const transactionActions: Readonly<Record<string, string>> = {
  Get: 'GetItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
};

/** AWS judges a transaction item by item, each as the plain call that it stands for. */
const transactionRequirements = (item: unknown): Requirement[] =>
  Object.entries(isInput(item) ? item : {}).map(([verb, part]) => ({
    action: `dynamodb:${transactionActions[verb] ?? verb}`,
    resource: table(isInput(part) ? part['TableName'] : undefined),
  }));

const roleOf = (nameOrArn: unknown): AskedResource => ({ kind: 'role', name: lastPartOf(text(nameOrArn)) });

const sts = (operation: string, input: Input): Requirement[] => {
  const action = `sts:${operation}`;
  if (operation !== 'AssumeRole') return [{ action, resource: { kind: 'any' } }];
  const resource = roleOf(input['RoleArn']);
  const tagged = list(input['Tags']).length > 0;
  return [{ action, resource }, ...(tagged ? [{ action: 'sts:TagSession', resource }] : [])];
};

const iam = (operation: string, input: Input): Requirement[] => [
  {
    action: `iam:${operation}`,
    resource: input['RoleName'] === undefined ? { kind: 'any' } : roleOf(input['RoleName']),
  },
];

const dynamoDb = (operation: string, input: Input): Requirement[] => {
  const action = `dynamodb:${operation}`;
  switch (operation) {
    case 'TransactWriteItems':
    case 'TransactGetItems':
      return list(input['TransactItems']).flatMap(transactionRequirements);
    case 'BatchGetItem':
    case 'BatchWriteItem':
      return Object.entries(isInput(input['RequestItems']) ? input['RequestItems'] : {}).map(([name, part]) => ({
        action,
        resource: table(name),
        leadingKeys: keysOfBatch(part),
      }));
    case 'Query':
    case 'Scan': {
      const resource: AskedResource =
        input['IndexName'] === undefined
          ? table(input['TableName'])
          : { kind: 'index', table: lastPartOf(text(input['TableName'])), name: text(input['IndexName']) };
      return [{ action, resource, ...(operation === 'Query' && { leadingKeys: keysOfQuery(input) }) }];
    }
    default: {
      const resource: AskedResource = input['TableName'] === undefined ? { kind: 'any' } : table(input['TableName']);
      return [{ action, resource, ...(input['Key'] !== undefined && { leadingKeys: keysOfItem(input['Key']) }) }];
    }
  }
};

/** The name of a secret, also where it is given by its ARN with the six characters that AWS adds. */
const secretName = (id: string) =>
  id.startsWith('arn:')
    ? id
        .split(':')
        .slice(6)
        .join(':')
        .replace(/-[^-]{6}$/, '')
    : id;

const secretsManager = (operation: string, input: Input): Requirement[] => {
  const id = input['SecretId'] ?? input['Name'];
  const resource: AskedResource = id === undefined ? { kind: 'any' } : { kind: 'secrets', name: secretName(text(id)) };
  const named = { action: `secretsmanager:${operation}`, resource };
  if (operation === 'CreateSecret' && list(input['Tags']).length > 0)
    return [named, { action: 'secretsmanager:TagResource', resource }];
  const rotator = operation === 'RotateSecret' ? lastPartOf(text(input['RotationLambdaARN'])) : '';
  return rotator
    ? [named, { action: 'lambda:InvokeFunction', resource: { kind: 'function', name: rotator } }]
    : [named];
};

const events = (operation: string, input: Input): Requirement[] => {
  const action = `events:${operation}`;
  if (operation !== 'PutEvents') return [{ action, resource: { kind: 'any' } }];
  return list(input['Entries']).map((entry) => {
    const bus = isInput(entry) ? text(entry['EventBusName']) : '';
    return { action, resource: { kind: 'bus', name: lastPartOf(bus || 'default') } };
  });
};

const states = (operation: string, input: Input): Requirement[] => {
  const action = `states:${operation}`;
  const execution = text(input['executionArn']).split(':');
  if (execution.length > 7)
    return [{ action, resource: { kind: 'executions', workflow: execution[6] ?? '', name: execution[7] ?? '' } }];
  const workflow = lastPartOf(text(input['stateMachineArn']));
  return [{ action, resource: workflow ? { kind: 'workflow', name: workflow } : { kind: 'any' } }];
};

const sqs = (operation: string, input: Input): Requirement[] => {
  const name = lastPartOf(text(input['QueueUrl'] ?? input['QueueName']));
  return [{ action: `sqs:${operation}`, resource: name ? { kind: 'queue', name } : { kind: 'any' } }];
};

const cognito = (operation: string): Requirement[] => [
  { action: `cognito-idp:${operation}`, resource: { kind: 'user-pool' } },
];

const s3 = (operation: string, input: Input): Requirement[] => {
  const action = operation === 'HeadObject' ? 's3:GetObject' : `s3:${operation}`;
  const key = text(input['Key']);
  return [{ action, resource: key ? { kind: 'objects', bucket: text(input['Bucket']), key } : { kind: 'any' } }];
};

const readers: Readonly<Record<string, (operation: string, input: Input) => Requirement[]>> = {
  dynamodb: dynamoDb,
  secretsmanager: secretsManager,
  events,
  states,
  sqs,
  s3,
  sts,
  iam,
  'cognito-idp': cognito,
};

/** All that a call does, in IAM's terms: every one of them must be allowed. */
export const requirementsOf = ({ service, operation, input }: AwsCall): Requirement[] =>
  readers[service]?.(operation, input) ?? [{ action: `${service}:${operation}`, resource: { kind: 'any' } }];

/** The resource as AWS names it in a refusal. */
export const describeResource = (resource: AskedResource): string => {
  switch (resource.kind) {
    case 'table':
      return arnOf('dynamodb', `table/${resource.name}`);
    case 'index':
      return arnOf('dynamodb', `table/${resource.table}/index/${resource.name}`);
    case 'secrets':
      return arnOf('secretsmanager', `secret:${resource.name}`);
    case 'bus':
      return arnOf('events', `event-bus/${resource.name}`);
    case 'objects':
      return `arn:aws:s3:::${resource.bucket}/${resource.key}`;
    case 'workflow':
      return arnOf('states', `stateMachine:${resource.name}`);
    case 'executions':
      return arnOf('states', `execution:${resource.workflow}:${resource.name}`);
    case 'queue':
      return arnOf('sqs', resource.name);
    case 'role':
      return roleArnOf(resource.name);
    case 'user-pool':
      return arnOf('cognito-idp', `userpool/${localUserPool}`);
    case 'function':
      return arnOf('lambda', `function:${resource.name}`);
    case 'any':
      return '*';
    default:
      return resource satisfies never;
  }
};
