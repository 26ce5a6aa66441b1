import { describe, expect, test } from 'vitest';
import { affectedFlags, withPrerequisites } from '#core/flags/affected-flags.ts';
import { documentOf, emptyFlagSet } from '#core/flags/flag-set.ts';
import { patchFlagSet, patchToward, revisionsBetween, type SetPatch } from '#core/flags/patch-flag-set.ts';
import { assertValid, needsApproval } from '#core/flags/validate-patch.ts';
import { aFlag, aFlagSet, later } from '#test/builders.ts';

const by = { now: later, by: 'grace' };
const on = aFlag({ defaultVariant: 'on' });
const set = aFlagSet({ flags: { a: aFlag(), b: aFlag() }, evaluators: { rule: { '!': [true] } } });
const patched = (patch: SetPatch, before = set) => patchFlagSet(before, patch, by);

const using = (name: string) => aFlag({ targeting: { if: [{ $ref: name }, 'on', null] } });
const needing = (flag: string) => aFlag({ prerequisites: [{ flag, variant: 'on' }] });

describe('a patch', () => {
  test('creates the next version of the set, and of the changed entries', () => {
    const result = patched({ flags: { a: on, c: aFlag() } });
    expect(result?.next).toMatchObject({
      version: 2,
      flags: {
        a: { defaultVariant: 'on', version: 2, updatedAt: later, updatedBy: 'grace' },
        b: { version: 1 },
        c: { version: 1 },
      },
    });
    expect(result?.flags.map(({ name, version }) => `${name} ${version}`)).toEqual(['a 2', 'c 1']);
    expect(set.flags['a']).toMatchObject({ defaultVariant: 'off', version: 1 });
  });

  test('without differences changes nothing', () => {
    expect(patched({ flags: { a: aFlag(), gone: null } })).toBeUndefined();
  });

  test('deletes, and continues the versions if the flag is created again', () => {
    const without = patched({ flags: { a: null } })!.next;
    expect(without.flags).not.toHaveProperty('a');
    expect(without.deleted.flags).toEqual({ a: 2 });
    const again = patched({ flags: { a: aFlag() } }, without)!.next;
    expect(again.flags['a']).toMatchObject({ version: 3 });
    expect(again.deleted.flags).toEqual({});
  });

  test('towards a document deletes what the document lacks', () => {
    const result = patched(patchToward(set, { b: on, c: aFlag() }, {}));
    expect(Object.keys(result!.next.flags).toSorted()).toEqual(['b', 'c']);
    expect(result!.next.evaluators).toEqual({});
  });

  test('towards its own export changes nothing', () => {
    const { flags, $evaluators = {} } = documentOf(set);
    expect(patched(patchToward(set, flags, $evaluators))).toBeUndefined();
  });

  test('can be derived from the sets before and after', () => {
    const result = patched({ flags: { a: null, b: on, c: aFlag() } })!;
    expect(revisionsBetween(set, result.next, ['a', 'b', 'c'])).toEqual(result.flags);
  });
});

describe('the flags that a change affects', () => {
  const whole = aFlagSet({
    flags: { a: aFlag(), b: needing('a'), c: needing('b'), d: using('outer'), e: aFlag() },
    evaluators: { outer: { and: [{ $ref: 'inner' }] }, inner: { '!': [true] } },
  });

  test('are all that depend on it, directly or indirectly', () => {
    expect(affectedFlags([whole], { flags: ['a'], evaluators: [] })).toEqual(['a', 'b', 'c']);
    expect(affectedFlags([whole], { flags: [], evaluators: ['inner'] })).toEqual(['d']);
    expect(affectedFlags([whole], { flags: ['e'], evaluators: [] })).toEqual(['e']);
  });

  test('are evaluated with their prerequisites', () => {
    expect(withPrerequisites([whole], ['c']).toSorted()).toEqual(['a', 'b', 'c']);
  });

  const refusal = (patch: SetPatch, type: 'flag' | 'evaluator' | 'flagset', name: string): unknown => {
    try {
      return assertValid(whole, patchFlagSet(whole, patch, by)!, { type, name });
    } catch (error) {
      return error;
    }
  };

  test('cannot be removed while others depend on them', () => {
    expect(refusal({ flags: { a: null } }, 'flag', 'a')).toMatchObject({ code: 'in_use' });
    expect(refusal({ evaluators: { inner: null } }, 'evaluator', 'inner')).toMatchObject({ code: 'in_use' });
    expect(refusal({ flags: { c: null } }, 'flag', 'c')).toBeUndefined();
  });

  test('violations in the request are reported by JSON Pointer', () => {
    const path = '/defaultVariant';
    const bad = aFlag({ defaultVariant: 'maybe' });
    expect(refusal({ flags: { e: bad } }, 'flag', 'e')).toMatchObject({ code: 'invalid_request', errors: [{ path }] });
    expect(refusal({ flags: { e: bad } }, 'flagset', 'flagset')).toMatchObject({
      errors: [{ path: `/flags/e${path}` }],
    });
  });
});

describe('a second administrator', () => {
  const guarded = aFlag({ metadata: { approval: 'required' }, targeting: { if: [{ $ref: 'rule' }, 'on', null] } });
  const before = aFlagSet({ flags: { guarded, free: aFlag() }, evaluators: { rule: { '!': [true] } } });
  const needed = (patch: SetPatch) => needsApproval(before, patchFlagSet(before, patch, by)!);

  test('must approve changes to a flag that requires it, its shared rule, and removal of the requirement', () => {
    expect(needed({ flags: { guarded: aFlag() } })).toEqual(['guarded']);
    expect(needed({ flags: { guarded: null } })).toEqual(['guarded']);
    expect(needed({ evaluators: { rule: { '!': [false] } } })).toEqual(['guarded']);
  });

  test('need not approve changes to other flags, or adding the requirement', () => {
    expect(needed({ flags: { free: on } })).toEqual([]);
    expect(needed({ flags: { free: { ...on, metadata: { approval: 'required' } } } })).toEqual([]);
    expect(needsApproval(emptyFlagSet, patchFlagSet(emptyFlagSet, { flags: { guarded } }, by)!)).toEqual([]);
  });
});
