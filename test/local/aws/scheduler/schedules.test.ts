import type { ScheduledEvent } from 'aws-lambda';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { functionSpecs } from '#functions/manifest.ts';
import { rateMs, Schedules, schedulesOf } from '#local/aws/scheduler/schedules.ts';
import { VirtualClock } from '#local/clock.ts';
import { openState } from '#local/state.ts';
import { aFolder } from '#test/local/aws/endpoint/endpoint-fixture.ts';

describe('a schedule', () => {
  test.each([
    ['rate(1 minute)', 60_000],
    ['rate(5 hours)', 18_000_000],
    ['rate(2 days)', 172_800_000],
  ])('%s runs every %i ms', (expression, ms) => {
    expect(rateMs(expression)).toBe(ms);
  });

  test.each([
    'rate(1 minutes)',
    'rate(5 minute)',
    'rate(0 minutes)',
    'rate(1.5 hours)',
    'rate(10 seconds)',
    'cron(0 10 * * ? *)',
    'at(2026-11-22T10:00:00)',
    'every minute',
  ])('%s is refused', (expression) => {
    expect(() => rateMs(expression)).toThrow(`The schedule ${expression} is not valid here`);
  });
});

/** Schedules on a clock of their own; `runs` counts each function's calls. */
const aSchedule = async (
  rates: Record<string, string>,
  { folder, run }: { folder?: string; run?: (functionName: string, event: ScheduledEvent) => Promise<unknown> } = {},
) => {
  const state = await openState(folder);
  const clock = new VirtualClock(state);
  const letters: Record<string, string>[] = [];
  const events: ScheduledEvent[] = [];
  const schedules = new Schedules({
    state,
    clock,
    schedules: Object.entries(rates).map(([functionName, rate]) => ({ functionName, everyMs: rateMs(rate) })),
    async run(functionName, event) {
      events.push(event);
      await run?.(functionName, event);
    },
    async deadLetter(_body, reasons) {
      letters.push(reasons);
    },
  });
  await schedules.start();
  const close = async () => {
    schedules.close();
    clock.close();
    await state.close();
  };
  const runs = () => events.length;
  return { clock, events, letters, runs, close };
};

test('every scheduled function of the manifest has a schedule', () => {
  expect(schedulesOf(functionSpecs).map(({ functionName }) => functionName)).toContain('reconcile-operations');
});

test('a function runs at each turn, with the event that EventBridge sends', async () => {
  const { clock, events, close } = await aSchedule({ 'guard-locks': 'rate(1 minute)' });
  onTestFinished(close);
  await clock.advance(185);
  expect(events).toHaveLength(3);
  expect(events[0]).toMatchObject({
    source: 'aws.events',
    'detail-type': 'Scheduled Event',
    resources: ['arn:aws:events:us-east-1:000000000000:rule/guard-locks'],
    detail: {},
  });
});

test('a month that the clock leaps takes few turns of each minute, its last one too, and all of those of each night', async () => {
  const rates = { minutely: 'rate(1 minute)', nightly: 'rate(1 day)' };
  const { clock, events, close } = await aSchedule(rates);
  onTestFinished(close);
  await clock.advance(30 * 86_400);
  const timesOf = (name: string) =>
    events.filter(({ resources }) => resources[0]?.endsWith(name)).map(({ time }) => Date.parse(time));
  expect(timesOf('nightly')).toHaveLength(30);
  const turns = timesOf('minutely');
  expect(turns.length).toBeGreaterThan(50);
  expect(turns.length).toBeLessThan(70);
  expect(clock.now() - turns.at(-1)!).toBeLessThan(60_000);
});

test('a run that is still going is not started again: what falls into its time is made up for by one run', async () => {
  const going = Promise.withResolvers<void>();
  const { clock, events, runs, close } = await aSchedule({ slow: 'rate(1 minute)' }, { run: () => going.promise });
  onTestFinished(close);
  await clock.advance(300);
  expect(runs()).toBe(1);
  const [began] = events.map(({ time }) => Date.parse(time));
  going.resolve();
  await vi.waitFor(() => expect(runs()).toBe(2));
  expect(Date.parse(events[1]!.time) - began!).toBe(240_000);
  await clock.advance(60);
  expect(runs()).toBe(3);
});

test('a run that fails is kept as a dead letter, and the next one is made all the same', async () => {
  const failure = Object.assign(new Error('broken'), { name: 'Broken' });
  const run = () => Promise.reject(failure);
  const { clock, letters, runs, close } = await aSchedule({ failing: 'rate(1 minute)' }, { run });
  onTestFinished(close);
  await clock.advance(120);
  await vi.waitFor(() => expect(letters).toHaveLength(2));
  expect(letters[0]).toMatchObject({ ERROR_CODE: 'Broken', ERROR_MESSAGE: 'broken' });
  expect(runs()).toBe(2);
});

test('what was missed while nothing ran is made up for by one run', async () => {
  using place = aFolder();
  const before = await aSchedule({ hourly: 'rate(1 hour)' }, place);
  await before.close();
  const state = await openState(place.folder);
  const clock = new VirtualClock(state);
  await clock.advance(10 * 3600);
  clock.close();
  await state.close();
  const later = await aSchedule({ hourly: 'rate(1 hour)' }, place);
  onTestFinished(later.close);
  await vi.waitFor(() => expect(later.runs()).toBe(1));
  await later.clock.advance(3600);
  expect(later.runs()).toBe(2);
});
