import { expect, test } from 'vitest';
import { type AccessResource, permissionsOf } from '#core/contract/platform/access.ts';
import { type FunctionName, functionNames, functionSpecs } from '#functions/manifest.ts';
import { type Allowed, allowedTo, sentences } from './policies.ts';
import { asText, synthesised, target } from './synthesised.ts';

const made = synthesised();
const account = 'us-east-1:<AWS::AccountId>';

const arnOf = (resource: AccessResource): string => {
  switch (resource.kind) {
    case 'table':
      return `arn:aws:dynamodb:${account}:table/${resource.name}`;
    case 'index':
      return `arn:aws:dynamodb:${account}:table/${resource.table}/index/${resource.name}`;
    case 'secrets':
      return `arn:aws:secretsmanager:${account}:secret:${resource.prefix}*`;
    case 'bus':
      return `arn:aws:events:${account}:event-bus/${resource.name}`;
    case 'objects':
      return `arn:aws:s3:::${resource.bucket}-<AWS::AccountId>-us-east-1/${resource.prefix}*`;
    case 'workflow':
      return `arn:aws:states:${account}:stateMachine:${resource.name}`;
    case 'executions':
      return `arn:aws:states:${account}:execution:${resource.workflow}:*`;
    case 'queue':
      return `arn:aws:sqs:${account}:${resource.name}`;
    case 'user-pool':
      return `<${made.resources(made.controlPlane, 'AWS::Cognito::UserPool')[0]![0]}.Arn>`;
    case 'role':
      return `arn:aws:iam::<AWS::AccountId>:role/${resource.name}`;
    case 'function':
      return `arn:aws:lambda:${account}:function:tenantry-${resource.name}`;
    default:
      return resource satisfies never;
  }
};

const functionResource = (name: FunctionName) => {
  const found = made
    .resources(made.controlPlane, 'AWS::Lambda::Function')
    .find(([, { Properties }]) => Properties.FunctionName === `tenantry-${name}`);
  if (!found) throw new Error(`${name} is not synthesised`);
  return found;
};
const functionOf = (name: FunctionName) => functionResource(name)[1].Properties;
const roleOf = (name: FunctionName) => allowedTo(made, made.controlPlane, target(functionOf(name).Role));

const networkActions = [
  'AssignPrivateIpAddresses',
  'CreateNetworkInterface',
  'DeleteNetworkInterface',
  'DescribeNetworkInterfaces',
  'DescribeSubnets',
  'UnassignPrivateIpAddresses',
].map((action) => `ec2:${action}`);

const allow = (actions: readonly string[], resource: string): Allowed[] =>
  actions.map((action) => ({ effect: 'Allow', action, resource }));

/** What Lambda needs of a role to run a function at all, by how it is called and where it runs. */
const expectedRuntime = (name: FunctionName): Allowed[] => {
  const { trigger, network } = functionSpecs[name];
  const logGroup = target(functionOf(name).LoggingConfig.LogGroup);
  const [functionId] = functionResource(name);
  const stream = made
    .resources(made.controlPlane, 'AWS::Lambda::EventSourceMapping')
    .find(([, { Properties }]) => target(Properties.FunctionName) === functionId)?.[1].Properties.EventSourceArn;
  return [
    ...allow(['logs:CreateLogStream', 'logs:PutLogEvents'], `<${logGroup}.Arn>`),
    ...allow(['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], '*'),
    ...(['event', 'schedule', 'stream'].includes(trigger.kind)
      ? allow(['sqs:SendMessage'], `arn:aws:sqs:${account}:tenantry-dead-letters`)
      : []),
    ...(trigger.kind === 'stream'
      ? [
          ...allow(['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'], asText(stream)),
          ...allow(['dynamodb:ListStreams'], '*'),
        ]
      : []),
    ...(network === 'shards'
      ? networkActions.flatMap((action) => [
          { effect: 'Allow', action, resource: '*' },
          { effect: 'Deny', action, resource: '*' },
        ])
      : []),
  ];
};

test.each(functionNames)('%s is allowed what its access says, and nothing else', (name) => {
  const expected = permissionsOf(functionSpecs[name].access).flatMap(({ actions, resource }) =>
    allow(actions, arnOf(resource)),
  );
  expect(sentences(roleOf(name))).toEqual(sentences([...expected, ...expectedRuntime(name)]));
});

test('network rights are for Lambda to use, not for the code of the function', () => {
  for (const name of functionNames.filter((candidate) => functionSpecs[candidate].network === 'shards')) {
    const denied = roleOf(name).filter(({ effect }) => effect === 'Deny');
    expect(denied.map(({ action }) => action).toSorted()).toEqual(networkActions);
    expect(
      new Set(denied.map(({ condition }) => asText((condition as Condition).ArnEquals['lambda:SourceFunctionArn']))),
    ).toEqual(new Set([`arn:aws:lambda:${account}:function:tenantry-${name}`]));
  }
});
interface Condition {
  ArnEquals: Record<string, unknown>;
}

test('every function has a role of its own, which only Lambda may take', () => {
  const roles = functionNames.map((name) => target(functionOf(name).Role));
  expect(new Set(roles).size).toBe(functionNames.length);
  for (const [id, { Properties }] of made.resources(made.controlPlane, 'AWS::IAM::Role')) {
    expect(Properties.ManagedPolicyArns ?? [], id).toEqual([]);
    if (!roles.includes(id)) continue;
    expect(Properties.AssumeRolePolicyDocument.Statement).toMatchObject([
      { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } },
    ]);
  }
});

test('a workflow may call its own tasks, and nothing else', () => {
  for (const [, { Properties }] of made.resources(made.controlPlane, 'AWS::StepFunctions::StateMachine')) {
    const invoked = allowedTo(made, made.controlPlane, target(Properties.RoleArn)).filter(({ action }) =>
      action.startsWith('lambda:'),
    );
    expect(sentences(invoked)).toEqual(
      Object.values(Properties.DefinitionSubstitutions as Record<string, unknown>)
        .map((arn) => `Allow lambda:InvokeFunction on ${asText(arn)}`)
        .toSorted(),
    );
  }
});

/** Where AWS lets nobody say it closer, and what may be done there. */
const wildcards: readonly { resource: RegExp; actions: RegExp; reason: string }[] = [
  { resource: /^\*$/, actions: /^xray:(Put|GetSampling)/, reason: 'X-Ray knows no resources for traces' },
  {
    resource: /^\*$/,
    actions: /^ec2:\w+(NetworkInterfaces?|Subnets|PrivateIpAddresses)$/,
    reason: 'checked before it exists',
  },
  { resource: /^\*$/, actions: /^dynamodb:ListStreams$/, reason: 'lists all streams' },
  {
    resource: /^\*$/,
    actions: /^logs:(\w+LogDeliver(y|ies)|(Put|Describe)ResourcePol\w+|DescribeLogGroups)$/,
    reason: 'log deliveries have no ARN',
  },
  {
    resource: /:secret:tenantry\/(tenants|tenants\/\$\{aws:PrincipalTag\/tenant\}|shards|flags)\/\*$/,
    actions: /^secretsmanager:/,
    reason: 'random suffix',
  },
  { resource: /:execution:[a-z-]+:\*$/, actions: /^states:/, reason: 'named while they run' },
  {
    resource: /^arn:aws:s3:::tenantry-archive-<AWS::AccountId>-us-east-1\/audit\/\*$/,
    actions: /^s3:PutObject$/,
    reason: 'named while they are written',
  },
];

test('no role may do everything to anything, and every wildcard has a reason', () => {
  const stacks = [made.data, made.controlPlane, made.shards, made.operations];
  const allowed = stacks.flatMap((stack) =>
    made.resources(stack, 'AWS::IAM::Role').flatMap(([id]) => allowedTo(made, stack, id)),
  );
  expect(allowed.length).toBeGreaterThan(100);
  expect(allowed.filter(({ action }) => action.includes('*'))).toEqual([]);
  const unexplained = allowed.filter(
    ({ action, resource }) =>
      resource.includes('*') && !wildcards.some((known) => known.resource.test(resource) && known.actions.test(action)),
  );
  expect(unexplained).toEqual([]);
});
