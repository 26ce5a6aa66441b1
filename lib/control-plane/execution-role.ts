import { Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { permissionsOf } from '#core/contract/platform/access.ts';
import { deadLetterQueueName } from '#core/contract/platform/names.ts';
import { type FunctionName, functionSpecs } from '#functions/manifest.ts';
import { arnOf, deployedRoleName, functionArn } from '#lib/iam/arns.ts';
import { type Grant, grantOf, policyOf } from '#lib/iam/statements.ts';

/** The actions that Lambda itself performs with a function's role, to attach it to a VPC. */
const networkActions = [
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

export interface ExecutionRoleProps {
  name: FunctionName;
  logGroup: ILogGroup;
  /** The table stream that triggers the function. */
  streamArn?: string;
  insideVpc: boolean;
  /** The product's own user pool; absent if an external issuer is used. */
  userPoolArn?: string;
}

/**
 * The role of one function, with two policies: `access` grants exactly the manifest's `access`; `runtime` grants what
 * the Lambda service needs.
 */
export class ExecutionRole extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, props: ExecutionRoleProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const { access } = functionSpecs[props.name];
    const { userPoolArn } = props;
    const permissions = permissionsOf(access).filter(({ resource }) => resource.kind !== 'user-pool' || userPoolArn);
    const accessPolicy = policyOf(
      this,
      permissions.map((permission) => grantOf(stack, permission, { ...(userPoolArn && { userPoolArn }) })),
    );
    const runtimePolicy = policyOf(this, runtimeGrants(stack, props));
    if (props.insideVpc) runtimePolicy.addStatements(networkForLambdaOnly(stack, props.name));
    this.role = new Role(this, 'Role', {
      roleName: deployedRoleName(stack, props.name),
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: { ...(permissions.length > 0 && { access: accessPolicy }), runtime: runtimePolicy },
    });
  }
}

const runtimeGrants = (stack: Stack, { name, logGroup, streamArn, insideVpc }: ExecutionRoleProps): Grant[] => {
  const { trigger } = functionSpecs[name];
  const undelivered = ['event', 'schedule', 'stream'].includes(trigger.kind);
  return [
    { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn] },
    {
      actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
      resources: ['*'],
      wildcard: 'X-Ray has no resource type for writing traces (service authorization reference).',
    },
    ...(undelivered
      ? [{ actions: ['sqs:SendMessage'], resources: [arnOf(stack, { kind: 'queue', name: deadLetterQueueName })] }]
      : []),
    ...(streamArn ? streamGrants(streamArn) : []),
    ...(insideVpc
      ? [
          {
            actions: networkActions,
            resources: ['*'],
            wildcard:
              "Lambda checks these on all resources, before the interface exists; a deny excludes the function's code.",
          },
        ]
      : []),
  ];
};

const streamGrants = (streamArn: string): Grant[] => [
  { actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'], resources: [streamArn] },
  {
    actions: ['dynamodb:ListStreams'],
    resources: ['*'],
    wildcard: 'Lambda lists streams to find its event source; IAM has no narrower resource for that.',
  },
];

/** Only the Lambda service needs the network actions; this denies them to the function's own code. */
const networkForLambdaOnly = (stack: Stack, name: FunctionName) =>
  new PolicyStatement({
    effect: Effect.DENY,
    actions: networkActions,
    resources: ['*'],
    conditions: { ArnEquals: { 'lambda:SourceFunctionArn': functionArn(stack, name) } },
  });
