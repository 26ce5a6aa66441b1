import { describe, expect, test } from 'vitest';
import { hasOneShare, withPercent } from '#core/flags/percent.ts';
import { dueDefinition, dueFlags } from '#core/flags/schedule.ts';
import { stalenessOf } from '#core/flags/staleness.ts';
import { aFlag, aFlagSet, noon, shareOf } from '#test/builders.ts';

const at = (hours: number) => new Date(Date.parse(noon) + hours * 3_600_000).toISOString();

const given = (...variants: (string | null)[]) => variants;

describe('a scheduled change', () => {
  const ramp = aFlag({
    targeting: { if: [{ '===': [{ var: 'tier' }, 'enterprise'] }, 'off', shareOf(1)] },
    schedule: [
      { at: at(2), percent: 50 },
      { at: at(1), percent: 10 },
      { at: at(3), state: 'DISABLED' },
    ],
  });

  test('is not due before its time', () => {
    expect(dueDefinition(ramp, at(0.9))).toBeUndefined();
    expect(dueFlags(aFlagSet({ flags: { ramp } }), at(0.9))).toEqual([]);
  });

  test('is applied and removed from the schedule, the earliest first', () => {
    const first = dueDefinition(ramp, at(2.5))!;
    expect(first).toMatchObject({ targeting: { if: [{}, 'off', shareOf(10)] } });
    expect(first.schedule?.map((change) => change.at)).toEqual([at(2), at(3)]);
    const second = dueDefinition(first, at(2.5))!;
    expect(second).toMatchObject({ targeting: { if: [{}, 'off', shareOf(50)] } });
    expect(dueDefinition(second, at(2.5))).toBeUndefined();
    const third = dueDefinition(second, at(3))!;
    expect(third).toMatchObject({ state: 'DISABLED', targeting: second.targeting });
    expect(third).not.toHaveProperty('schedule');
  });
});

describe('a percentage', () => {
  test('sets the only share, and nothing else', () => {
    const rule = { fractional: [{ var: 'region' }, ['on', 5], ['off', 95]] };
    expect(withPercent(rule, 30)).toEqual({ fractional: [{ var: 'region' }, ['on', 30], ['off', 70]] });
    expect(rule.fractional[1]).toEqual(['on', 5]);
  });

  test.for<[boolean, Parameters<typeof hasOneShare>[0]]>([
    [true, shareOf(5)],
    [false, undefined],
    [false, { if: [true, 'on'] }],
    [false, { if: [{ var: 'a' }, shareOf(5), shareOf(9)] }],
    [
      false,
      {
        fractional: [
          ['a', 1],
          ['b', 1],
          ['c', 1],
        ],
      },
    ],
    [
      false,
      {
        fractional: [
          ['a', { var: 'share' }],
          ['b', 1],
        ],
      },
    ],
  ])('%s for %j', ([expected, rule]) => {
    expect(hasOneShare(rule)).toBe(expected);
  });
});

describe('a flag is stale', () => {
  const flag = aFlagSet({ flags: { flag: aFlag() } }).flags['flag']!;

  test('after its expiry', () => {
    const expiring = { ...flag, expiresAt: at(1) };
    expect(stalenessOf(expiring, at(0), given('on', 'off'))).toBeUndefined();
    expect(stalenessOf(expiring, at(1), given('on', 'off'))).toEqual({ reason: 'expired', since: at(1) });
  });

  test('if it has served everyone the same for 90 days', () => {
    const day90 = at(90 * 24);
    expect(stalenessOf(flag, at(90 * 24 - 1), given('off'))).toBeUndefined();
    expect(stalenessOf(flag, day90, given('off'))).toEqual({ reason: 'one-variant', since: noon, variant: 'off' });
    expect(stalenessOf(flag, day90, given('off', 'on'))).toBeUndefined();
    expect(stalenessOf(flag, day90, given())).toBeUndefined();
  });
});
