import { describe, expect, test } from 'vitest';
import type { FlagDefinition, Rule } from '#core/contract/model/flags.ts';
import { compileFlagSet } from '#core/flags/compile-flag-set.ts';
import { contextOf, evaluateFlag, evaluateFlags, factsOf } from '#core/flags/evaluate-flags.ts';
import { emptyFlagSet } from '#core/flags/flag-set.ts';
import { patchFlagSet } from '#core/flags/patch-flag-set.ts';
import { aFlag, aFlagSet, aTenant, noon, shareOf } from '#test/builders.ts';

const tenant = factsOf(aTenant({ tier: 'growth', region: 'eu-west-1', metadata: { regulated: true, seats: 40 } }));
const always = { if: [true, 'on'] };

const evaluated = (
  flags: Record<string, FlagDefinition>,
  { overrides = {}, evaluators = {}, given = {} }: Given = {},
  key = 'flag',
) => evaluateFlag(compileFlagSet(aFlagSet({ flags, evaluators })), key, overrides, contextOf(tenant, given));

interface Given {
  overrides?: Record<string, string>;
  evaluators?: Record<string, Rule>;
  given?: Record<string, unknown>;
}

const needs = (variant: string, changes: Partial<FlagDefinition> = {}) =>
  aFlag({ targeting: always, prerequisites: [{ flag: 'needed', variant }], ...changes });
const saw = (path: string, given: Record<string, unknown> = {}) =>
  evaluated(
    {
      flag: aFlag({
        variants: { yes: 'yes', no: 'no' },
        defaultVariant: 'no',
        targeting: { if: [{ '===': [{ var: path }, 'wanted'] }, 'yes', 'no'] },
      }),
    },
    { given },
  ).value;

describe('the value of a flag, and its reason', () => {
  test.for<[string, FlagDefinition, object]>([
    ['no rule', aFlag(), { value: false, variant: 'off', reason: 'STATIC' }],
    ['a rule that matches', aFlag({ targeting: always }), { value: true, variant: 'on', reason: 'TARGETING_MATCH' }],
    [
      'a rule that gives null',
      aFlag({ targeting: { if: [false, 'on', null] } }),
      { variant: 'off', reason: 'DEFAULT' },
    ],
    [
      'a rule that gives a boolean',
      aFlag({ variants: { true: 1, false: 2 }, defaultVariant: 'false', targeting: { '!': [false] } }),
      { value: 1, variant: 'true' },
    ],
    [
      'a rule that names no variant',
      aFlag({ targeting: { if: [true, 'gone'] } }),
      { reason: 'ERROR', errorCode: 'GENERAL' },
    ],
    ['text', aFlag({ variants: { a: 'A' }, defaultVariant: 'a' }), { value: 'A' }],
    ['a number', aFlag({ variants: { a: 0 }, defaultVariant: 'a' }), { value: 0, variant: 'a' }],
    ['an object', aFlag({ variants: { a: { deep: [1] } }, defaultVariant: 'a' }), { value: { deep: [1] } }],
  ])('%s', ([, definition, expected]) => {
    expect(evaluated({ flag: definition })).toMatchObject({ key: 'flag', overridden: false, ...expected });
  });

  test.for<[string, FlagDefinition]>([
    ['null', aFlag({ defaultVariant: null })],
    ['absent', { state: 'ENABLED', variants: { on: true } }],
  ])('a default that is %s leaves the value to the application', ([, definition]) => {
    const result = evaluated({ flag: definition });
    expect(result.reason).toBe('DEFAULT');
    expect(result).not.toHaveProperty('value');
    expect(result).not.toHaveProperty('variant');
  });

  test('an unknown flag is an error', () => {
    expect(evaluated({}, {}, 'constructor')).toMatchObject({ reason: 'ERROR', errorCode: 'FLAG_NOT_FOUND' });
  });

  test('metadata of the flag overrides that of the set', () => {
    const set = aFlagSet({ flags: { flag: aFlag({ metadata: { team: 'a' } }) }, metadata: { team: 'all', area: 'x' } });
    expect(evaluateFlag(compileFlagSet(set), 'flag', {}, contextOf(tenant)).metadata).toEqual({ team: 'a', area: 'x' });
  });
});

describe('precedence', () => {
  const needed = { needed: aFlag({ targeting: { if: [{ var: 'metadata.regulated' }, 'on', null] } }) };

  test('a disabled flag has no value, even with an override', () => {
    const result = evaluated({ flag: aFlag({ state: 'DISABLED' }) }, { overrides: { flag: 'on' } });
    expect(result).toEqual({ key: 'flag', reason: 'DISABLED', metadata: {}, overridden: false });
  });

  test('an unmet prerequisite counts as disabled, even with an override, and is named', () => {
    const result = evaluated({ ...needed, flag: needs('off') }, { overrides: { flag: 'on' } });
    expect(result).toEqual({
      key: 'flag',
      reason: 'DISABLED',
      metadata: { prerequisite: 'needed' },
      overridden: false,
    });
  });

  test('a prerequisite is evaluated for the tenant, including its override', () => {
    expect(evaluated({ ...needed, flag: needs('on') })).toMatchObject({ variant: 'on' });
    expect(evaluated({ ...needed, flag: needs('on') }, { overrides: { needed: 'off' } })).toMatchObject({
      reason: 'DISABLED',
    });
    expect(evaluated({ needed: aFlag({ state: 'DISABLED' }), flag: needs('off') })).toMatchObject({
      reason: 'DISABLED',
    });
  });

  test('an override precedes the rule, a rule the default', () => {
    expect(evaluated({ flag: aFlag({ targeting: always }) }, { overrides: { flag: 'off' } })).toMatchObject({
      value: false,
      variant: 'off',
      reason: 'TARGETING_MATCH',
      overridden: true,
    });
  });

  test('an override of a removed variant is ignored', () => {
    expect(evaluated({ flag: aFlag() }, { overrides: { flag: 'gone' } })).toMatchObject({
      variant: 'off',
      overridden: false,
    });
    expect(evaluated({ flag: aFlag() }, { overrides: { flag: 'toString' } })).toMatchObject({ overridden: false });
  });
});

describe('the context of a rule', () => {
  test('has what the caller sends', () => expect(saw('plan', { plan: 'wanted' })).toBe('yes'));

  test.for(['tenantId', 'slug', 'tier', 'isolation', 'region', 'status'])(
    '%s is the registry’s, whatever the caller sends',
    (name) => {
      expect(saw(name, { [name]: 'wanted' })).toBe('no');
    },
  );

  test('metadata is from the registry, even if the caller sends its own', () => {
    const rule = { if: [{ '===': [{ var: 'metadata.seats' }, 40] }, 'on', null] };
    expect(evaluated({ flag: aFlag({ targeting: rule }) }, { given: { metadata: { seats: 1 } } })).toMatchObject({
      variant: 'on',
    });
  });

  test('the targeting key is the tenant by default', () => {
    expect(contextOf(tenant)).toMatchObject({ targetingKey: tenant.tenantId });
    expect(contextOf(tenant, { targetingKey: 'user-1' })).toMatchObject({ targetingKey: 'user-1' });
  });

  test('shared rules are resolved, including nested ones', () => {
    const evaluators = {
      big: { and: [{ $ref: 'european' }, { '>': [{ var: 'metadata.seats' }, 10] }] },
      european: { starts_with: [{ var: 'region' }, 'eu-'] },
    };
    expect(
      evaluated({ flag: aFlag({ targeting: { if: [{ $ref: 'big' }, 'on', null] } }) }, { evaluators }),
    ).toMatchObject({ variant: 'on' });
  });
});

test('a larger share includes every member of a smaller one', () => {
  const tenants = Array.from({ length: 300 }, (_none, index) => contextOf({ ...tenant, tenantId: `tn_${index}` }));
  const given = (share: number) => {
    const compiled = compileFlagSet(aFlagSet({ flags: { flag: aFlag({ targeting: shareOf(share) }) } }));
    return new Set(tenants.filter((context) => evaluateFlag(compiled, 'flag', {}, context).variant === 'on'));
  };
  let before = given(0);
  expect(before.size).toBe(0);
  for (let share = 5; share <= 100; share += 5) {
    const after = given(share);
    expect(
      [...before].every((context) => after.has(context)),
      `${share} %`,
    ).toBe(true);
    before = after;
  }
  expect(before.size).toBe(tenants.length);
});

test('a set compiled from a previous one evaluates as if compiled alone', () => {
  const first = aFlagSet({
    flags: { a: aFlag(), b: aFlag({ targeting: { if: [{ $ref: 'rule' }, 'on', null] } }) },
    evaluators: { rule: { '!': [true] } },
  });
  const second = patchFlagSet(
    first,
    { flags: { a: aFlag({ defaultVariant: 'on' }) }, evaluators: { rule: { '!': [false] } } },
    { now: noon, by: 'ada' },
  )!.next;
  const all = (previous?: ReturnType<typeof compileFlagSet>) =>
    evaluateFlags(compileFlagSet(second, previous), {}, contextOf(tenant));
  expect(all(compileFlagSet(first))).toEqual(all());
  expect(all().map(({ variant }) => variant)).toEqual(['on', 'on']);
  expect(evaluateFlags(compileFlagSet(emptyFlagSet), {}, contextOf(tenant))).toEqual([]);
});
