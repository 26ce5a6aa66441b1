import type { Access } from '#core/contract/platform/access.ts';
import { archiveBucketName, busName, deadLetterQueueName, tableNames } from '#core/contract/platform/names.ts';
import { tables } from '#core/contract/platform/tables.ts';
import { type FunctionName, functionSpecs } from '#functions/manifest.ts';
import { account, arn, iamArn, region, streamArn, userPoolArn } from './arns.ts';
import type { Question } from './evaluate.ts';

type Rule = (question: Question) => boolean;

type TableVerb = NonNullable<NonNullable<Access['tables']>['tenants']>;
type SecretVerb = NonNullable<NonNullable<Access['secrets']>['tenants']>[number];
type ExecutionVerb = NonNullable<NonNullable<Access['executions']>['onboard-tenant']>[number];

/** What a word of the manifest means, written down a second time, by other means than `permissionsOf` makes IAM of it. */
export const tableVerbs: Readonly<Record<TableVerb, RegExp>> = {
  read: /^dynamodb:(GetItem|BatchGetItem|Query)$/,
  update: /^dynamodb:UpdateItem$/,
  append: /^dynamodb:(GetItem|BatchGetItem|Query|ConditionCheckItem|PutItem)$/,
  write: /^dynamodb:(GetItem|BatchGetItem|Query|ConditionCheckItem|PutItem|UpdateItem|DeleteItem|BatchWriteItem)$/,
};
export const secretVerbs: Readonly<Record<SecretVerb, RegExp>> = {
  read: /^secretsmanager:(GetSecretValue|DescribeSecret)$/,
  describe: /^secretsmanager:(DescribeSecret|ListSecretVersionIds)$/,
  create: /^secretsmanager:(CreateSecret|PutSecretValue|TagResource)$/,
  guard: /^secretsmanager:PutResourcePolicy$/,
  rotate: /^secretsmanager:RotateSecret$/,
  renew: /^secretsmanager:(PutSecretValue|UpdateSecretVersionStage)$/,
  delete: /^secretsmanager:DeleteSecret$/,
};
export const executionVerbs: Readonly<Record<ExecutionVerb, RegExp>> = {
  start: /^states:StartExecution$/,
  read: /^states:(DescribeExecution|GetExecutionHistory)$/,
};

const tenantScopeVerbs: Readonly<Record<NonNullable<Access['tenantScope']>, RegExp>> = {
  assume: /^sts:(AssumeRole|TagSession)$/,
  revoke: /^iam:(PutRolePolicy|DeleteRolePolicy)$/,
};

const entries = <T extends object>(value: T | undefined) => Object.entries<T[keyof T]>(value ?? {});

/** One rule for each kind of access; a kind without one does not compile. */
const rules: { [Kind in keyof Required<Access>]: (granted: NonNullable<Access[Kind]>) => Rule } = {
  tables:
    (granted) =>
    ({ action, resource }) =>
      entries(granted).some(([name, verb]) => {
        const table = arn('dynamodb', `table/${tableNames[name as keyof typeof tableNames]}`);
        const indexes = Object.keys(tables[name as keyof typeof tables].indexes);
        return (
          (resource === table && tableVerbs[verb as TableVerb].test(action)) ||
          (action === 'dynamodb:Query' && indexes.some((index) => resource === `${table}/index/${index}`))
        );
      }),
  secrets:
    (granted) =>
    ({ action, resource }) =>
      entries(granted).some(
        ([owner, verbs = []]) =>
          (resource.startsWith(arn('secretsmanager', `secret:tenantry/${owner}/`)) &&
            [...verbs].some((verb) => secretVerbs[verb].test(action))) ||
          // Secrets Manager calls the rotating function in the name of whoever asked for the rotation.
          (action === 'lambda:InvokeFunction' &&
            resource === arn('lambda', 'function:tenantry-rotate-secret') &&
            [...verbs].includes('rotate')),
      ),
  bus:
    () =>
    ({ action, resource }) =>
      action === 'events:PutEvents' && resource === arn('events', `event-bus/${busName}`),
  archive:
    (granted) =>
    ({ action, resource }) =>
      entries(granted).some(
        ([prefix]) =>
          action === 's3:PutObject' &&
          resource.startsWith(`arn:aws:s3:::${archiveBucketName}-${account}-${region}/${prefix}/`),
      ),
  executions:
    (granted) =>
    ({ action, resource }) =>
      entries(granted).some(([workflow, verbs]) =>
        [...(verbs ?? [])].some(
          (verb) =>
            executionVerbs[verb].test(action) &&
            (verb === 'start'
              ? resource === arn('states', `stateMachine:${workflow}`)
              : resource.startsWith(arn('states', `execution:${workflow}:`))),
        ),
      ),
  deadLetters:
    () =>
    ({ action, resource }) =>
      action === 'sqs:SendMessage' && resource === arn('sqs', deadLetterQueueName),
  tenantScope:
    (granted) =>
    ({ action, resource }) =>
      tenantScopeVerbs[granted].test(action) && resource === iamArn('role/tenantry-tenant'),
  identities:
    () =>
    ({ action, resource }) =>
      /^cognito-idp:(AdminCreateUser|AdminDeleteUser|AdminListGroupsForUser)$/.test(action) && resource === userPoolArn,
};

/** What Lambda does with the role of every function, or of those that are called or placed in a certain way. */
const runtimeRule =
  (name: FunctionName): Rule =>
  ({ action, resource, context }) => {
    const { trigger, network } = functionSpecs[name];
    const isCodeOfFunction = context['lambda:SourceFunctionArn'] === arn('lambda', `function:tenantry-${name}`);
    switch (action) {
      case 'logs:CreateLogStream':
      case 'logs:PutLogEvents':
        return resource.startsWith(arn('logs', `log-group:/aws/lambda/tenantry-${name}:`));
      case 'xray:PutTraceSegments':
      case 'xray:PutTelemetryRecords':
        return true;
      case 'sqs:SendMessage':
        return ['event', 'stream', 'schedule'].includes(trigger.kind) && resource === arn('sqs', deadLetterQueueName);
      case 'dynamodb:GetRecords':
      case 'dynamodb:GetShardIterator':
      case 'dynamodb:DescribeStream':
        return trigger.kind === 'stream' && resource === streamArn(trigger.table);
      case 'dynamodb:ListStreams':
        return trigger.kind === 'stream';
      case 'ec2:CreateNetworkInterface':
      case 'ec2:DeleteNetworkInterface':
      case 'ec2:AssignPrivateIpAddresses':
      case 'ec2:UnassignPrivateIpAddresses':
      case 'ec2:DescribeNetworkInterfaces':
      case 'ec2:DescribeSubnets':
        return network === 'shards' && !isCodeOfFunction;
      default:
        return false;
    }
  };

/** Whether an `access` of the manifest stands for it. */
export const accessRule = (access: Access): Rule => {
  const granted = Object.entries(access).map(([kind, grants]) => rules[kind as keyof Access](grants as never));
  return (question) => granted.some((rule) => rule(question));
};

/** Whether the function may: by its `access` in the manifest, or since Lambda could not run it otherwise. */
export const functionRule = (name: FunctionName): Rule => {
  const [granted, atRunTime] = [accessRule(functionSpecs[name].access), runtimeRule(name)];
  return (question) => granted(question) || atRunTime(question);
};
