import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { WorkflowName } from '#core/contract/platform/names.ts';
import { workflowArn } from '#lib/iam/arns.ts';
import { type Grant, policyOf } from '#lib/iam/statements.ts';
import { workflows } from '#workflows/workflows.ts';

export interface WorkflowProps {
  /** The functions of its tasks, by the names in `${…}` in the definition. */
  tasks: Readonly<Record<string, IFunction>>;
}

/** The state machine of one workflow, with the ARNs of its tasks substituted at deployment. */
export class Workflow extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, name: WorkflowName, { tasks }: WorkflowProps) {
    super(scope, name);
    const logs = new LogGroup(this, 'Logs', {
      // Log groups with this prefix do not count towards the size limit of the account's log resource policy.
      logGroupName: `/aws/vendedlogs/states/${name}`,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com', {
        conditions: {
          ArnEquals: { 'aws:SourceArn': workflowArn(Stack.of(this), name) },
          StringEquals: { 'aws:SourceAccount': Stack.of(this).account },
        },
      }),
      inlinePolicies: {
        tasks: policyOf(this, [
          { actions: ['lambda:InvokeFunction'], resources: Object.values(tasks).map((task) => task.functionArn) },
        ]),
        runtime: policyOf(this, runtimeGrants),
      },
    });
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineName: name,
      definitionBody: DefinitionBody.fromString(JSON.stringify(workflows[name], undefined, 2)),
      definitionSubstitutions: Object.fromEntries(
        Object.entries(tasks).map(([task, { functionArn }]) => [task, functionArn]),
      ),
      role: role.withoutPolicyUpdates(),
      // Execution data is not logged: reading it needs permission for the execution itself.
      logs: { destination: logs, level: LogLevel.ALL, includeExecutionData: false },
      tracingEnabled: true,
    });
  }
}

const runtimeGrants: readonly Grant[] = [
  {
    actions: [
      'logs:CreateLogDelivery',
      'logs:GetLogDelivery',
      'logs:UpdateLogDelivery',
      'logs:DeleteLogDelivery',
      'logs:ListLogDeliveries',
      'logs:PutResourcePolicy',
      'logs:DescribeResourcePolicies',
      'logs:DescribeLogGroups',
    ],
    resources: ['*'],
    wildcard:
      'CloudWatch Logs has no narrower resource type for log deliveries (Step Functions developer guide, logging).',
  },
  {
    actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSamplingRules', 'xray:GetSamplingTargets'],
    resources: ['*'],
    wildcard: 'X-Ray has no resource type for traces and sampling (service authorization reference).',
  },
];
