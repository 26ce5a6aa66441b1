import { Duration, Stack } from 'aws-cdk-lib';
import { type IEventBus, Rule, type EventPattern as RulePattern, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { EventSourceMapping, FilterCriteria, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import { type EventPattern, filterPattern, type Trigger } from '#functions/manifest.ts';
import { workflowArn } from '#lib/iam/arns.ts';
import type { ManifestFunction } from './manifest-function.ts';

/** How often a failing batch of the stream is tried, halved each time, before its place is kept as a dead letter. */
const streamRetries = 10;

export interface TriggerSources {
  bus: IEventBus;
  deadLetters: IQueue;
  streamArn: string | undefined;
}

/**
 * Lets the events, the schedule or the stream of the manifest call a function; each delivery has a dead-letter queue.
 * Functions of the API, of workflows and of the user pool are called by those: they get nothing here.
 */
export const addTrigger = (
  target: ManifestFunction,
  trigger: Trigger,
  sources: TriggerSources,
): IConstruct | undefined => {
  switch (trigger.kind) {
    case 'event':
      return addEventRule(target, trigger.pattern, sources);
    case 'schedule':
      return addSchedule(target, trigger.rate, sources);
    case 'stream':
      return addStream(target, trigger, sources);
    case 'http':
    case 'task':
    case 'sign-in':
      return undefined;
    default:
      return trigger satisfies never;
  }
};

const addEventRule = (target: ManifestFunction, pattern: EventPattern, { bus, deadLetters }: TriggerSources) => {
  return new Rule(target, 'Rule', {
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
};

const rulePattern = (stack: Stack, pattern: EventPattern): RulePattern =>
  pattern.bus === 'tenantry'
    ? { detailType: [...pattern.detailTypes] }
    : {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: {
          stateMachineArn: pattern.executionsOf.map((workflow) => workflowArn(stack, workflow)),
          status: [...pattern.statuses],
        },
      };

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
    ...(filter && { filters: filter.map((one) => FilterCriteria.filter(filterPattern(one))) }),
    bisectBatchOnError: true,
    retryAttempts: streamRetries,
    onFailure: new SqsDlq(deadLetters),
  });
};
