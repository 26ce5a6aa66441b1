import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { UserPool } from 'aws-cdk-lib/aws-cognito';
import {
  ApplicationLogLevel,
  Architecture,
  Code,
  Function,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type FunctionName, functionSpecs } from '#functions/manifest.ts';
import type { Bundle } from '#lib/bundles.ts';
import { deployedFunctionName } from '#lib/iam/arns.ts';
import type { ShardNetwork } from '#lib/shards/network.ts';
import { ExecutionRole } from './execution-role.ts';
import { environmentOf } from './function-environment.ts';

export interface ManifestFunctionProps {
  bundle: Bundle;
  deadLetters: IQueue;
  network?: ShardNetwork;
  streamArn?: string;
  userPool?: UserPool;
}

/** One function of the manifest with its own role and log group; `triggers.ts` adds its triggers. */
export class ManifestFunction extends Construct {
  readonly lambda: Function;
  readonly logGroup: LogGroup;
  readonly roleArn: string;

  constructor(
    scope: Construct,
    name: FunctionName,
    { bundle, deadLetters, network, streamArn, userPool }: ManifestFunctionProps,
  ) {
    super(scope, name);
    const spec = functionSpecs[name];
    const functionName = deployedFunctionName(name);
    const inside = spec.network === 'shards' ? network : undefined;
    this.logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const { role } = new ExecutionRole(this, 'Execution', {
      name,
      logGroup: this.logGroup,
      insideVpc: inside !== undefined,
      ...(streamArn && { streamArn }),
      ...(userPool && { userPoolArn: userPool.userPoolArn }),
    });
    this.roleArn = role.roleArn;
    this.lambda = new Function(this, 'Function', {
      functionName,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(bundle.folder),
      // The role is complete; `withoutPolicyUpdates` keeps constructs from adding to it.
      role: role.withoutPolicyUpdates(),
      timeout: Duration.seconds(spec.seconds),
      memorySize: spec.memoryMb,
      environment: environmentOf(Stack.of(this), name, userPool),
      logGroup: this.logGroup,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      systemLogLevelV2: SystemLogLevel.WARN,
      tracing: Tracing.ACTIVE,
      ...(spec.concurrency && { reservedConcurrentExecutions: spec.concurrency }),
      ...(inside && { vpc: inside.vpc, vpcSubnets: inside.subnets, securityGroups: [inside.functions] }),
      ...deliveryOf(name, deadLetters),
    });
  }
}

/** Failed asynchronous calls go to the dead-letter queue; schedules are not retried, since the next run is the retry. */
const deliveryOf = (name: FunctionName, deadLetterQueue: IQueue) => {
  const { kind } = functionSpecs[name].trigger;
  switch (kind) {
    case 'event':
      return { deadLetterQueue, retryAttempts: 2, maxEventAge: Duration.hours(6) };
    case 'schedule':
      return { deadLetterQueue, retryAttempts: 0, maxEventAge: Duration.minutes(1) };
    case 'http':
    case 'task':
    case 'stream':
    case 'response-stream':
    case 'sign-in':
    case 'rotation':
      return {};
    default:
      return kind satisfies never;
  }
};
