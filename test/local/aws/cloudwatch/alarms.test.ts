import { expect, onTestFinished, test } from 'vitest';
import { metricNames, metricNamespace } from '#core/contract/platform/alarms.ts';
import { count } from '#functions/shell/telemetry.ts';
import { type Alarm, Alarms } from '#local/aws/cloudwatch/alarms.ts';
import { runAs } from '#local/aws/lambda/caller.ts';
import { FunctionLogs } from '#local/aws/lambda/function-logs.ts';
import { VirtualClock } from '#local/clock.ts';
import { openState } from '#local/state.ts';

const someAlarms = async () => {
  const state = await openState();
  const clock = new VirtualClock(state);
  const changes: Alarm[] = [];
  const alarms = new Alarms({ clock, onChange: (alarm) => changes.push(alarm) });
  onTestFinished(async () => {
    clock.close();
    await state.close();
  });
  const stateOf = (name: Alarm['name']) => alarms.list().find((alarm) => alarm.name === name)?.state;
  return { alarms, clock, changes, stateOf };
};

const aMetricLine = (name: string, value: number | number[] = 1, Namespace: string = metricNamespace) => ({
  _aws: {
    Timestamp: 0,
    CloudWatchMetrics: [{ Namespace, Dimensions: [[]], Metrics: [{ Name: name, Unit: 'Count' }] }],
  },
  [name]: value,
});

test('an alarm is raised by the line that a function prints, and is over after its minutes', async () => {
  const { alarms, clock, changes, stateOf } = await someAlarms();
  const logs = new FunctionLogs({ write: () => undefined, onMetric: (line) => alarms.observe(line) });
  onTestFinished(logs.capture());
  expect(stateOf('rollback-failed')).toBe('OK');
  runAs({ functionName: 'roll-back', requestId: 'r-1', killed: false }, () => count('rollbackFailed'));
  expect(stateOf('rollback-failed')).toBe('ALARM');
  expect(stateOf('dead-letters')).toBe('OK');
  await clock.advance(61);
  expect(changes.map(({ name, state }) => [name, state])).toEqual([
    ['rollback-failed', 'ALARM'],
    ['rollback-failed', 'OK'],
  ]);
});

test('an alarm lasts while its metric is counted', async () => {
  const { alarms, clock, changes, stateOf } = await someAlarms();
  alarms.count(metricNames.deadLetters);
  await clock.advance(240);
  alarms.count(metricNames.deadLetters);
  await clock.advance(240);
  expect([stateOf('dead-letters'), changes.length]).toEqual(['ALARM', 1]);
  await clock.advance(61);
  expect(stateOf('dead-letters')).toBe('OK');
});

test('lines that count nothing of the product raise nothing', async () => {
  const { alarms, changes } = await someAlarms();
  alarms.observe({ level: 'INFO', message: 'RollbackFailed' });
  alarms.observe(aMetricLine(metricNames.rollbackFailed, 0));
  alarms.observe(aMetricLine(metricNames.rollbackFailed, 1, 'Other'));
  alarms.observe({ _aws: 'not a metric' });
  expect(changes).toEqual([]);
  alarms.observe(aMetricLine(metricNames.eventRejected, [0, 2]));
  expect(changes.map(({ name }) => name)).toEqual(['event-rejected']);
});
