import { Duration } from 'aws-cdk-lib';
import { type IMetric, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { type AlarmName, alarms, metricNamespace } from '#core/contract/platform/alarms.ts';
import type { ControlPlaneStack } from '#lib/control-plane/control-plane-stack.ts';

/** One alarm, raised when the metric exceeds `above` in `periods` consecutive periods. */
export interface AlarmSpec {
  name: string;
  about: string;
  metric: IMetric;
  above: number;
  periods: number;
}

/** The dimension that Powertools adds to every metric of the functions. */
const metricDimensions = { service: 'tenantry' };

const entriesOf = <K extends string, V>(record: Readonly<Record<K, V>>) => Object.entries(record) as [K, V][];

const contractAlarms = (): AlarmSpec[] =>
  entriesOf<AlarmName, (typeof alarms)[AlarmName]>(alarms).map(([name, { metric, minutes, about }]) => ({
    name,
    about,
    metric: new Metric({
      namespace: metricNamespace,
      metricName: metric,
      dimensionsMap: metricDimensions,
      statistic: Stats.SUM,
      period: Duration.minutes(minutes),
    }),
    above: 0,
    periods: 1,
  }));

const everyFiveMinutes = { period: Duration.minutes(5), statistic: Stats.SUM };

/** Every alarm: those of the contract, and those on metrics of AWS services. */
export const alarmTable = ({ deadLetters, functions, workflows }: ControlPlaneStack): AlarmSpec[] => [
  ...contractAlarms(),
  {
    name: 'dead-letter-queue',
    about: 'The dead-letter queue is not empty. Messages are deleted after 14 days.',
    metric: deadLetters.queue.metricApproximateNumberOfMessagesVisible({
      period: Duration.minutes(1),
      statistic: Stats.MAXIMUM,
    }),
    above: 0,
    periods: 1,
  },
  ...entriesOf(workflows).flatMap(([name, { stateMachine }]) => [
    {
      name: `${name}-failed`,
      about: `An execution of ${name} failed. A failed onboarding is rolled back: its operation names step and cause.`,
      metric: stateMachine.metricFailed(everyFiveMinutes),
      above: 0,
      periods: 1,
    },
    {
      name: `${name}-timed-out`,
      about: `An execution of ${name} timed out.`,
      metric: stateMachine.metricTimedOut(everyFiveMinutes),
      above: 0,
      periods: 1,
    },
  ]),
  ...entriesOf(functions).flatMap(([name, { lambda }]) => [
    {
      name: `${name}-errors`,
      about: `${name} fails repeatedly; the errors are in its log group.`,
      metric: lambda.metricErrors(everyFiveMinutes),
      above: 0,
      periods: 3,
    },
    {
      name: `${name}-throttled`,
      about: `${name} is throttled: its concurrency limit or the account's is reached.`,
      metric: lambda.metricThrottles(everyFiveMinutes),
      above: 0,
      periods: 3,
    },
  ]),
];
