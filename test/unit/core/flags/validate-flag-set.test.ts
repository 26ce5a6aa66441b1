import { describe, expect, test } from 'vitest';
import type { FlagDefinition, Rule } from '#core/contract/model/flags.ts';
import { definitionViolations, evaluatorViolations, prerequisiteViolations } from '#core/flags/validate-flag-set.ts';
import { aFlag, aFlagSet, shareOf } from '#test/builders.ts';

const violations = (definition: FlagDefinition, evaluators: Record<string, Rule> = {}) =>
  definitionViolations(definition, rules(evaluators));
const rules = (evaluators: Record<string, Rule>) =>
  Object.fromEntries(Object.entries(evaluators).map(([name, rule]) => [name, { rule }]));
const pathsOf = (definition: FlagDefinition, evaluators: Record<string, Rule> = {}) =>
  violations(definition, evaluators).map(({ path }) => path);
const nested = (depth: number) => {
  let rule: Rule = { '!': [true] };
  for (let level = 1; level < depth; level += 1) rule = { '!': [rule] };
  return rule;
};
const ofJson = (text: string) => JSON.parse(text) as Rule;

const doubled = (count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_none, index): [string, Rule] => [
      `e${index}`,
      index === count - 1 ? { '!': [true] } : { and: [{ $ref: `e${index + 1}` }, { $ref: `e${index + 1}` }] },
    ]),
  );
const using = (rule: Rule) => aFlag({ targeting: { if: [rule, 'on', null] } });

const needing = (flag: string, variant = 'on') => aFlag({ prerequisites: [{ flag, variant }] });
const messages = (flags: Record<string, FlagDefinition>) =>
  prerequisiteViolations(aFlagSet({ flags })).map(({ path, message }) => `${path} ${message}`);

describe('a valid definition', () => {
  test.for<[string, FlagDefinition]>([
    ['bare', aFlag()],
    [
      'with every operator of flagd',
      aFlag({
        targeting: {
          if: [
            {
              or: [
                { sem_ver: [{ var: 'v' }, '>=', '1.0.0'] },
                { starts_with: ['a', 'b'] },
                { ends_with: ['a', 'b'] },
                { in: ['a', ['a']] },
              ],
            },
            'on',
            shareOf(10),
          ],
        },
      }),
    ],
    [
      'with a list of 1,500 tenants',
      aFlag({
        targeting: {
          if: [
            { in: [{ var: 'tenantId' }, Array.from({ length: 1500 }, (_none, index) => `tn_${index}`)] },
            'on',
            null,
          ],
        },
      }),
    ],
    [
      'that adds up a list',
      aFlag({
        targeting: {
          if: [
            { '>': [{ reduce: [{ var: 'sizes' }, { '+': [{ var: 'accumulator' }, { var: 'current' }] }, 0] }, 9] },
            'on',
            null,
          ],
        },
      }),
    ],
    [
      'with a ramp',
      aFlag({
        targeting: shareOf(1),
        schedule: [
          { at: '2026-12-01T00:00:00Z', percent: 10 },
          { at: '2026-12-02T00:00:00Z', percent: 50 },
        ],
      }),
    ],
  ])('%s', ([, definition]) => {
    expect(violations(definition)).toEqual([]);
  });
});

describe('a violation is reported by JSON Pointer', () => {
  test.for<[string, FlagDefinition, string]>([
    [
      'an operator that nobody knows',
      aFlag({ targeting: { if: [{ matches: ['(a+)+$', 'aaaa'] }, 'on'] } }),
      '/targeting/if/0',
    ],
    ['variants of two types', aFlag({ variants: { on: true, off: 'no' } }), '/variants'],
    ['a default that is no variant', aFlag({ defaultVariant: 'maybe' }), '/defaultVariant'],
    [
      'a scheduled default that is no variant',
      aFlag({ schedule: [{ at: '2026-12-01T00:00:00Z', defaultVariant: 'maybe' }] }),
      '/schedule/0/defaultVariant',
    ],
    [
      'a scheduled rule',
      aFlag({ schedule: [{ at: '2026-12-01T00:00:00Z', targeting: { matches: [] } }] }),
      '/schedule/0/targeting',
    ],
    [
      'a percentage of nothing',
      aFlag({ schedule: [{ at: '2026-12-01T00:00:00Z', percent: 10 }] }),
      '/schedule/0/percent',
    ],
    ['a reference to nothing', aFlag({ targeting: { if: [{ $ref: 'gone' }, 'on'] } }), '/targeting'],
  ])('%s', ([, definition, path]) => {
    expect(pathsOf(definition)).toEqual([path]);
  });
});

describe('costly definitions are rejected before compilation', () => {
  test.for<[string, FlagDefinition, Record<string, Rule>]>([
    ['200 levels', using(nested(200)), {}],
    ['100,000 levels', using(nested(100_000)), {}],
    [
      'a megabyte of rules',
      using({ or: Array.from({ length: 20_000 }, (_none, index) => ({ '==': [{ var: 'tenantId' }, `tn_${index}`] })) }),
      {},
    ],
    ['references in a circle', using({ $ref: 'a' }), { a: { and: [{ $ref: 'b' }] }, b: { or: [{ $ref: 'a' }] } }],
    ['references that double forty times', using({ $ref: 'e0' }), doubled(40)],
    ['an iteration within an iteration', using({ some: [{ var: 'l' }, { some: [{ var: 'm' }, { var: '' }] }] }), {}],
    [
      'a list that doubles with each element',
      using({ reduce: [{ var: 'l' }, { merge: [{ var: 'accumulator' }, { var: 'accumulator' }] }, []] }),
      {},
    ],
    [
      'a list of lists that doubles',
      using({ reduce: [{ var: 'l' }, { if: [true, [{ var: 'accumulator' }, { var: 'accumulator' }]] }, 0] }),
      {},
    ],
    ['an inherited name as a key', using(ofJson('{"__proto__":[{"var":"a"}]}')), {}],
    ['an inherited name in a path', using({ var: 'constructor.constructor' }), {}],
    ['an inherited name as a variant', aFlag({ variants: ofJson('{"constructor":true}') }), {}],
  ])('%s', ([, definition, evaluators]) => {
    expect(violations(definition, evaluators)).not.toEqual([]);
  });

  test.for<[string, unknown]>([
    ['a number beyond what is kept exactly', 2 ** 60],
    ['a number too near to zero', 1e-200],
    ['half a surrogate pair', '\ud800'],
    ['a nameless field', { '': 1 }],
  ])('%s is rejected, since it is not stored exactly', ([, value]) => {
    expect(pathsOf(aFlag({ variants: { a: { deep: value } }, defaultVariant: 'a' }))[0]).toMatch('/variants/a/deep');
  });

  test('an evaluator is validated like a rule', () => {
    expect(evaluatorViolations(nested(200), {})).not.toEqual([]);
    expect(evaluatorViolations({ matches: [] }, {})).toMatchObject([{ path: '' }]);
    expect(evaluatorViolations({ $ref: 'a' }, rules({ a: { $ref: 'a' } }))).not.toEqual([]);
    expect(evaluatorViolations({ in: [{ var: 'tier' }, ['growth']] }, {})).toEqual([]);
  });
});

describe('prerequisites', () => {
  test('must exist, with the variant', () => {
    expect(messages({ a: needing('b'), b: aFlag() })).toEqual([]);
    expect(messages({ a: needing('b') })).toEqual([
      expect.stringMatching('^/flags/a/prerequisites/0 must name a flag'),
    ]);
    expect(messages({ a: needing('b', 'maybe'), b: aFlag() })).toEqual([
      expect.stringContaining('there is no "maybe"'),
    ]);
  });

  test('must not be circular', () => {
    expect(messages({ a: needing('a') })).toEqual([expect.stringContaining('a → a')]);
    expect(messages({ a: needing('b'), b: needing('c'), c: needing('a') })[0]).toContain('a → b → c → a');
  });
});
