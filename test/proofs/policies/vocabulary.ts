import {
  archiveBucketName,
  busName,
  deadLetterQueueName,
  tableNames,
  workflowNames,
} from '#core/contract/platform/names.ts';
import { tables } from '#core/contract/platform/tables.ts';
import { functionNames } from '#functions/manifest.ts';
import { account, arn, iamArn, region, streamArn, userPoolArn } from './arns.ts';

/** Actions, and resources of the one type that they are about. */
export interface Group {
  actions: readonly string[];
  resources: readonly string[];
}

/** The actions of a service, by their names with spaces between. */
const prefixed = (service: string, names: string) => names.split(' ').map((name) => `${service}:${name}`);

/** The thing itself, and what is mistaken for it: a longer name, a name it ends, another account, another region. */
const withNeighbours = (service: string, kind: string, names: readonly string[]): string[] =>
  names.flatMap((name) => [
    arn(service, `${kind}${name}`),
    arn(service, `${kind}${name}-2`),
    arn(service, `${kind}x${name}`),
    arn(service, `${kind}${name}`, { account: '999900001111' }),
    arn(service, `${kind}${name}`, { region: 'eu-west-1' }),
  ]);

const names = Object.values(tableNames);
const indexes = Object.values(tables).flatMap((table) =>
  Object.keys(table.indexes).map((index) => `${table.name}/index/${index}`),
);

export const itemActions = prefixed(
  'dynamodb',
  'GetItem BatchGetItem Query ConditionCheckItem PutItem UpdateItem DeleteItem BatchWriteItem Scan PartiQLSelect PartiQLInsert PartiQLUpdate PartiQLDelete',
);
export const tableActions = prefixed(
  'dynamodb',
  'DescribeTable UpdateTable DeleteTable UpdateTimeToLive UpdateContinuousBackups CreateBackup ExportTableToPointInTime PutResourcePolicy DescribeContinuousBackups TagResource',
);
const indexActions = prefixed('dynamodb', 'Query Scan PartiQLSelect');
const tableArns = withNeighbours('dynamodb', 'table/', names);
const indexArns = [...indexes, ...names.map((name) => `${name}/index/by-nothing`)].map((index) =>
  arn('dynamodb', `table/${index}`),
);

export const secretActions = prefixed(
  'secretsmanager',
  'GetSecretValue DescribeSecret PutSecretValue CreateSecret UpdateSecret DeleteSecret TagResource UntagResource RotateSecret PutResourcePolicy DeleteResourcePolicy RestoreSecret UpdateSecretVersionStage ListSecretVersionIds ReplicateSecretToRegions',
);
const secretArn = (name: string) => arn('secretsmanager', `secret:${name}-AbCdEf`);
const secrets = [
  'tenantry/tenants/tn_a/database',
  'tenantry/shards/shared-1/admin',
  'tenantry/shards/shared-1/migrator',
  'tenantry/flags/tickets',
  'tenantry/tenants',
  'tenantry/tenantsx/tn_a/database',
  'tenantry/shards-old/shared-1/admin',
  'tenantry/other',
  'xtenantry/tenants/tn_a/database',
  'another/tenantry/tenants/tn_a/database',
];

const bucket = `${archiveBucketName}-${account}-${region}`;
const object = (key: string, of = bucket) => `arn:aws:s3:::${of}/${key}`;

/** All that any function might be asked to do: what the product uses, and what an intruder would like. */
export const groups: readonly Group[] = [
  { actions: [...itemActions, ...tableActions], resources: tableArns },
  { actions: indexActions, resources: indexArns },
  {
    actions: prefixed('dynamodb', 'GetRecords GetShardIterator DescribeStream'),
    resources: ['audit', 'tenants', 'flags'].map(streamArn),
  },
  {
    actions: secretActions,
    resources: [
      ...secrets.map(secretArn),
      arn('secretsmanager', 'secret:tenantry/tenants/tn_a/database-AbCdEf', { account: '999900001111' }),
    ],
  },
  { actions: prefixed('events', 'PutEvents'), resources: withNeighbours('events', 'event-bus/', [busName, 'default']) },
  {
    actions: prefixed('s3', 'GetObject PutObject DeleteObject PutObjectAcl PutObjectTagging'),
    resources: [
      ...['audit/2026/x.ndjson', 'audit', 'auditor/x', 'exports/x', 'x/audit/x'].map((key) => object(key)),
      object('audit/x', `${bucket}-2`),
      object('audit/x', `x${bucket}`),
    ],
  },
  { actions: prefixed('s3', 'ListBucket DeleteBucket PutBucketPolicy'), resources: [`arn:aws:s3:::${bucket}`] },
  {
    actions: prefixed('states', 'StartExecution DescribeStateMachine UpdateStateMachine DeleteStateMachine'),
    resources: withNeighbours('states', 'stateMachine:', workflowNames),
  },
  {
    actions: prefixed('states', 'DescribeExecution GetExecutionHistory StopExecution'),
    resources: workflowNames.flatMap((name) =>
      [name, `${name}-2`, `x${name}`].map((workflow) => arn('states', `execution:${workflow}:op_1`)),
    ),
  },
  {
    actions: prefixed('sqs', 'SendMessage ReceiveMessage DeleteMessage PurgeQueue SetQueueAttributes'),
    resources: withNeighbours('sqs', '', [deadLetterQueueName]),
  },
  {
    actions: prefixed('lambda', 'InvokeFunction UpdateFunctionCode GetFunction AddPermission'),
    resources: functionNames.map((name) => arn('lambda', `function:tenantry-${name}`)),
  },
  {
    actions: prefixed('logs', 'CreateLogStream PutLogEvents'),
    resources: functionNames.map((name) => arn('logs', `log-group:/aws/lambda/tenantry-${name}:log-stream:today`)),
  },
  {
    actions: prefixed('logs', 'DeleteLogGroup PutRetentionPolicy FilterLogEvents'),
    resources: functionNames.map((name) => arn('logs', `log-group:/aws/lambda/tenantry-${name}`)),
  },
  {
    actions: [
      ...prefixed('sts', 'AssumeRole TagSession SetSourceIdentity'),
      ...prefixed(
        'iam',
        'PassRole PutRolePolicy DeleteRolePolicy AttachRolePolicy UpdateAssumeRolePolicy DeleteRole PutRolePermissionsBoundary',
      ),
    ],
    resources: ['tenantry-tenant', 'tenantry-tenant-2', 'xtenantry-tenant', 'admin'].map((name) =>
      iamArn(`role/${name}`),
    ),
  },
  {
    actions: prefixed(
      'cognito-idp',
      'AdminCreateUser AdminDeleteUser AdminGetUser AdminListGroupsForUser AdminSetUserPassword AdminAddUserToGroup AdminUpdateUserAttributes UpdateUserPool ListUsers',
    ),
    resources: [userPoolArn, arn('cognito-idp', 'userpool/us-east-1_another')],
  },
  { actions: prefixed('kms', 'Decrypt Encrypt ScheduleKeyDeletion'), resources: [arn('kms', 'key/any')] },
  {
    actions: [
      ...prefixed('xray', 'PutTraceSegments PutTelemetryRecords GetTraceSummaries'),
      ...prefixed('ec2', 'DescribeNetworkInterfaces DescribeSubnets DescribeInstances'),
      ...prefixed('dynamodb', 'ListStreams ListTables'),
      ...prefixed('secretsmanager', 'ListSecrets GetRandomPassword'),
      ...prefixed('iam', 'ListRoles'),
      ...prefixed('s3', 'ListAllMyBuckets'),
    ],
    resources: ['*'],
  },
  {
    actions: prefixed('ec2', 'CreateNetworkInterface DeleteNetworkInterface AssignPrivateIpAddresses'),
    resources: [arn('ec2', 'network-interface/eni-1')],
  },
];
