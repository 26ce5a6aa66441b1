import type { AwsCall } from '#local/aws/endpoint/endpoint.ts';
import { lastPartOf } from '#local/aws/endpoint/names.ts';
import { keysOfBatch, keysOfItem, keysOfQuery } from './leading-keys.ts';
import { arns } from './resources.ts';

/** One thing a call does: an IAM action on one resource. */
export interface Requirement {
  action: string;
  /** Its ARN; `*` for a call that is about no single resource, or about one that no function is ever given. */
  resource: string;
  /** The partitions that a call for items names; absent where it names none, as a Scan. */
  leadingKeys?: readonly string[];
}

type Input = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Input =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Input) : {};
const text = (value: unknown) => (typeof value === 'string' ? value : '');
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
/** The ARN of what a parameter names by name, ARN or URL. */
const named = (arnOf: (name: string) => string, value: unknown) => (value ? arnOf(lastPartOf(text(value))) : '*');

const transactionActions: Readonly<Record<string, string>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
};

/** AWS authorizes a transaction item by item, each as the plain call that it stands for. */
const transactionRequirements = (item: unknown): Requirement[] =>
  Object.entries(fieldsOf(item)).map(([verb, part]) => ({
    action: `dynamodb:${transactionActions[verb] ?? verb}`,
    resource: named(arns.table, fieldsOf(part)['TableName']),
  }));

const dynamoDb = (operation: string, input: Input): Requirement[] => {
  const action = `dynamodb:${operation}`;
  const table = input['TableName'];
  const index = input['IndexName'];
  switch (operation) {
    case 'TransactWriteItems':
      return list(input['TransactItems']).flatMap(transactionRequirements);
    case 'BatchGetItem':
    case 'BatchWriteItem':
      return Object.entries(fieldsOf(input['RequestItems'])).map(([name, part]) => ({
        action,
        resource: named(arns.table, name),
        leadingKeys: keysOfBatch(part),
      }));
    case 'Query':
    case 'Scan': {
      const ofIndex = (name: string) => arns.index(name, text(index));
      const resource = named(index === undefined ? arns.table : ofIndex, table);
      return [{ action, resource, ...(operation === 'Query' && { leadingKeys: keysOfQuery(input) }) }];
    }
    default: {
      const keys = input['Key'] === undefined ? {} : { leadingKeys: keysOfItem(input['Key']) };
      return [{ action, resource: named(arns.table, table), ...keys }];
    }
  }
};

const sts = (operation: string, input: Input): Requirement[] => {
  const resource = named(arns.role, input['RoleArn']);
  const tagged = list(input['Tags']).length > 0 ? [{ action: 'sts:TagSession', resource }] : [];
  return [{ action: `sts:${operation}`, resource }, ...tagged];
};

/** The name of a secret, also where it is given by its ARN with the six characters that AWS adds. */
const secretName = (id: string) => id.replace(/^arn:(?:[^:]*:){5}(.*)-[^-]{6}$/, '$1');

const secretsManager = (operation: string, input: Input): Requirement[] => {
  const id = text(input['SecretId'] ?? input['Name']);
  const resource = id === '' ? '*' : arns.secret(secretName(id));
  const requirements = [{ action: `secretsmanager:${operation}`, resource }];
  if (operation === 'CreateSecret' && list(input['Tags']).length > 0)
    requirements.push({ action: 'secretsmanager:TagResource', resource });
  const rotator = operation === 'RotateSecret' && input['RotationLambdaARN'];
  if (rotator) requirements.push({ action: 'lambda:InvokeFunction', resource: named(arns.function, rotator) });
  return requirements;
};

const events = (operation: string, input: Input): Requirement[] => {
  const action = `events:${operation}`;
  if (operation !== 'PutEvents') return [{ action, resource: '*' }];
  return list(input['Entries']).map((entry) => ({
    action,
    resource: named(arns.bus, fieldsOf(entry)['EventBusName'] ?? 'default'),
  }));
};

const states = (operation: string, input: Input): Requirement[] => {
  const [, execution] = /:execution:(.+)$/.exec(text(input['executionArn'])) ?? [];
  const [workflow = '', name = ''] = execution?.split(':') ?? [];
  const resource = execution ? arns.execution(workflow, name) : named(arns.workflow, input['stateMachineArn']);
  return [{ action: `states:${operation}`, resource }];
};

const s3 = (operation: string, input: Input): Requirement[] => {
  const action = operation === 'HeadObject' ? 's3:GetObject' : `s3:${operation}`;
  const key = text(input['Key']);
  return [{ action, resource: key ? arns.object(text(input['Bucket']), key) : '*' }];
};

const readers: Readonly<Record<string, (operation: string, input: Input) => Requirement[]>> = {
  dynamodb: dynamoDb,
  secretsmanager: secretsManager,
  events,
  states,
  s3,
  sts,
  iam: (operation, { RoleName }) => [{ action: `iam:${operation}`, resource: named(arns.role, RoleName) }],
  sqs: (operation, { QueueUrl, QueueName }) => [
    { action: `sqs:${operation}`, resource: named(arns.queue, QueueUrl ?? QueueName) },
  ],
  'cognito-idp': (operation) => [{ action: `cognito-idp:${operation}`, resource: arns.userPool }],
};

/** All that a call does, in IAM's terms: every one of them must be allowed. */
export const requirementsOf = ({ service, operation, input }: AwsCall): Requirement[] =>
  readers[service]?.(operation, input) ?? [{ action: `${service}:${operation}`, resource: '*' }];
