import { Duration, Stack } from 'aws-cdk-lib';
import { CfnRule, type IEventBus, Rule, type EventPattern as RulePattern, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  EventSourceMapping,
  FilterCriteria,
  FunctionUrlAuthType,
  InvokeMode,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import { secretCallPattern, secretEventPattern } from '#core/contract/platform/cloudtrail.ts';
import { tenantSecretsPrefix } from '#core/contract/platform/names.ts';
import { type EventPattern, filterPattern, type Trigger } from '#functions/function-spec.ts';
import { secretArnPrefix, workflowArn } from '#lib/iam/arns.ts';
import type { ManifestFunction } from './manifest-function.ts';

/** Retries of a failing stream batch, halved each time, before its position goes to the dead-letter queue. */
const streamRetries = 10;

export interface TriggerSources {
  bus: IEventBus;
  deadLetters: IQueue;
  streamArn: string | undefined;
}

/**
 * Connects a function to its trigger in the manifest: events, schedule or table stream, each with a dead-letter queue.
 * A function that streams its response gets a function URL, since HTTP APIs cannot stream. The API, the workflows and
 * the user pool connect their functions themselves.
 */
export const addTrigger = (
  target: ManifestFunction,
  trigger: Trigger,
  sources: TriggerSources,
): IConstruct | undefined => {
  switch (trigger.kind) {
    case 'rotation':
      letSecretsManagerCall(target);
      return undefined;
    case 'event':
      return addEventRule(target, trigger.pattern, sources);
    case 'schedule':
      return addSchedule(target, trigger.rate, sources);
    case 'stream':
      return addStream(target, trigger, sources);
    case 'response-stream':
      return addUrl(target);
    case 'http':
    case 'task':
    case 'sign-in':
      return undefined;
    default:
      return trigger satisfies never;
  }
};

/** Restricts the service principal, which acts for every account, to secrets of this account. */
const letSecretsManagerCall = (target: ManifestFunction) => {
  target.lambda.addPermission('SecretsManager', {
    principal: new ServicePrincipal('secretsmanager.amazonaws.com'),
    sourceAccount: Stack.of(target).account,
  });
};

const addEventRule = (target: ManifestFunction, pattern: EventPattern, { bus, deadLetters }: TriggerSources) => {
  const rule = new Rule(target, 'Rule', {
    ...(pattern.bus === 'tenantry' && { eventBus: bus }),
    eventPattern: rulePattern(Stack.of(target), pattern),
    targets: [
      new LambdaFunction(target.lambda, {
        deadLetterQueue: deadLetters,
        maxEventAge: Duration.hours(24),
        retryAttempts: 185,
      }),
    ],
  });
  if ('secretCalls' in pattern) hearReads(rule);
  return rule;
};

/** In the state `ENABLED` a rule receives no read-only calls. */
const hearReads = (rule: Rule) => {
  if (rule.node.defaultChild instanceof CfnRule) {
    rule.node.defaultChild.state = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';
  }
};

const rulePattern = (stack: Stack, pattern: EventPattern): RulePattern => {
  if (pattern.bus === 'tenantry') return { detailType: [...pattern.detailTypes] };
  const tenantSecrets = { prefix: secretArnPrefix(stack, tenantSecretsPrefix) };
  if ('secretCalls' in pattern) return cdkPattern(secretCallPattern(pattern.secretCalls, tenantSecrets));
  if ('secretEvents' in pattern) return cdkPattern(secretEventPattern(pattern.secretEvents, tenantSecrets));
  return {
    source: ['aws.states'],
    detailType: ['Step Functions Execution Status Change'],
    detail: {
      stateMachineArn: pattern.executionsOf.map((workflow) => workflowArn(stack, workflow)),
      status: [...pattern.statuses],
    },
  };
};

const cdkPattern = ({
  'detail-type': detailType,
  ...pattern
}: ReturnType<typeof secretCallPattern | typeof secretEventPattern>) => ({ ...pattern, detailType });

const addSchedule = (target: ManifestFunction, rate: string, { deadLetters }: TriggerSources) => {
  return new Rule(target, 'Schedule', {
    schedule: Schedule.expression(rate),
    // The next run is the retry.
    targets: [
      new LambdaFunction(target.lambda, {
        deadLetterQueue: deadLetters,
        maxEventAge: Duration.minutes(1),
        retryAttempts: 0,
      }),
    ],
  });
};

const addStream = (
  target: ManifestFunction,
  { batchSize, windowSeconds, filter }: Extract<Trigger, { kind: 'stream' }>,
  { deadLetters, streamArn }: TriggerSources,
) => {
  if (!streamArn) throw new Error(`The table that calls ${target.node.id} has no stream`);
  return new EventSourceMapping(target, 'Stream', {
    target: target.lambda,
    eventSourceArn: streamArn,
    startingPosition: StartingPosition.TRIM_HORIZON,
    batchSize,
    maxBatchingWindow: Duration.seconds(windowSeconds),
    filters: filter.map((one) => FilterCriteria.filter(filterPattern(one))),
    bisectBatchOnError: true,
    retryAttempts: streamRetries,
    onFailure: new SqsDlq(deadLetters),
  });
};

/** Public, since browsers cannot sign requests: the function itself validates the ticket in the URL. */
const addUrl = (target: ManifestFunction) =>
  target.lambda.addFunctionUrl({ authType: FunctionUrlAuthType.NONE, invokeMode: InvokeMode.RESPONSE_STREAM });
