import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { alarms, metricNames, metricNamespace } from '#core/contract/platform/alarms.ts';
import { functionNames } from '#functions/manifest.ts';
import { asText, synthesised, target } from './synthesised.ts';

const made = synthesised({ alarmEmail: 'ops@example.com' });
const alarmsMade = made.resources(made.operations, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
const named = (name: string) => alarmsMade.find(({ AlarmName }) => AlarmName === `tenantry-${name}`);

test('every alarm of the contract watches its metric and is raised by the first count', () => {
  for (const [name, { metric, minutes, about }] of Object.entries(alarms)) {
    expect(named(name)).toMatchObject({
      Namespace: metricNamespace,
      MetricName: metric,
      Statistic: 'Sum',
      Period: minutes * 60,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 1,
      AlarmDescription: about,
    });
  }
});

test('what the alarms cost is told of as many as there are', () => {
  const costs = readFileSync(join(import.meta.dirname, '../../docs/aws.md'), 'utf8');
  const count = alarmsMade.length;
  expect(costs).toContain(`| ${count} × 0.10 | ${(count / 10).toFixed(2)} |`);
});

test('the alarms look where the functions count', () => {
  const counted = execFileSync(
    process.execPath,
    ['-e', "import('#functions/shell/telemetry.ts').then(({ count }) => count('rollbackFailed'))"],
    { encoding: 'utf8' },
  );
  const line = JSON.parse(counted) as Record<string, unknown>;
  const [{ Namespace, Dimensions, Metrics }] = (line['_aws'] as { CloudWatchMetrics: [Emf] }).CloudWatchMetrics;
  const alarm = named('rollback-failed');
  expect({ Namespace, metrics: Metrics.map(({ Name }) => Name) }).toEqual({
    Namespace: alarm.Namespace,
    metrics: [metricNames.rollbackFailed],
  });
  expect(Dimensions).toEqual([(alarm.Dimensions as Dimension[]).map(({ Name }) => Name)]);
  for (const { Name, Value } of alarm.Dimensions as Dimension[]) expect(line[Name]).toBe(Value);
});
interface Emf {
  Namespace: string;
  Dimensions: string[][];
  Metrics: { Name: string }[];
}
interface Dimension {
  Name: string;
  Value: string;
}

test('dead letters, failed workflows, and functions that fail or are throttled raise alarms too', () => {
  expect(named('dead-letter-queue')).toMatchObject({
    Namespace: 'AWS/SQS',
    MetricName: 'ApproximateNumberOfMessagesVisible',
  });
  for (const workflow of ['onboard-tenant', 'roll-back-tenant']) {
    expect(named(`${workflow}-failed`)).toMatchObject({ Namespace: 'AWS/States', MetricName: 'ExecutionsFailed' });
    expect(named(`${workflow}-timed-out`)).toMatchObject({ Namespace: 'AWS/States', MetricName: 'ExecutionsTimedOut' });
  }
  for (const name of functionNames) {
    expect(named(`${name}-errors`)).toMatchObject({ Namespace: 'AWS/Lambda', MetricName: 'Errors' });
    expect(named(`${name}-throttled`)).toMatchObject({ Namespace: 'AWS/Lambda', MetricName: 'Throttles' });
  }
});

test('every alarm is told to the topic, and silence is not an alarm', () => {
  const [[topic]] = made.resources(made.operations, 'AWS::SNS::Topic') as [[string, unknown]];
  for (const alarm of alarmsMade) {
    expect(alarm.AlarmActions.map(target), alarm.AlarmName).toEqual([topic]);
    expect(alarm.TreatMissingData).toBe('notBreaching');
  }
  expect(made.resources(made.operations, 'AWS::SNS::Subscription')[0]![1].Properties).toMatchObject({
    Protocol: 'email',
    Endpoint: 'ops@example.com',
  });
});

test('there is one dashboard, and it shows the alarms', () => {
  const dashboards = made.resources(made.operations, 'AWS::CloudWatch::Dashboard');
  expect(dashboards).toHaveLength(1);
  expect(asText(dashboards[0]![1].Properties.DashboardBody)).toContain('"type":"alarm"');
});
