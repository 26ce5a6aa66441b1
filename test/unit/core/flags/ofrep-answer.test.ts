import { describe, expect, test } from 'vitest';
import type { Evaluation } from '#core/contract/model/flags.ts';
import { compileFlagSet } from '#core/flags/compile-flag-set.ts';
import { emptyFlagSet } from '#core/flags/flag-set.ts';
import { ofrepAnswer, ofrepStatus, targetingKeyError } from '#core/flags/ofrep-answer.ts';

const revision = { version: 1, updatedAt: '2026-11-25T10:00:00.000Z', updatedBy: 'ada' };
const off = { state: 'DISABLED', variants: { on: true, off: false }, defaultVariant: 'off', ...revision } as const;
const { defaultVariant: _none, ...offWithoutDefault } = off;
const flags = compileFlagSet({ ...emptyFlagSet, flags: { off, bare: offWithoutDefault } });

const evaluation = (fields: Partial<Evaluation>): Evaluation => ({
  key: 'beta',
  reason: 'STATIC',
  overridden: false,
  ...fields,
});
const answer = (fields: Partial<Evaluation>, knowsCodeDefaults = true) =>
  ofrepAnswer(evaluation(fields), flags, { knowsCodeDefaults });

describe('an OFREP evaluation', () => {
  test.each([true, 'blue', 3.5, 0, '', false, { a: [1] }])('has the value %j', (value) => {
    expect(answer({ value, variant: 'v' })).toEqual({ key: 'beta', reason: 'STATIC', value, variant: 'v' });
  });

  test('omits overrides, and empty metadata', () => {
    expect(answer({ value: 1, variant: 'v', overridden: true, metadata: {} })).toEqual({
      key: 'beta',
      reason: 'STATIC',
      value: 1,
      variant: 'v',
    });
    expect(answer({ value: 1, variant: 'v', metadata: { owner: 'web' } })).toHaveProperty('metadata.owner', 'web');
  });

  test('has no value if the application’s own default applies', () => {
    expect(answer({ key: 'off', reason: 'DISABLED' })).toEqual({ key: 'off', reason: 'DISABLED' });
    expect(answer({ reason: 'DEFAULT' })).toEqual({ key: 'beta', reason: 'DEFAULT' });
  });

  test('has the default variant, if any, for a client without code defaults', () => {
    expect(answer({ key: 'off', reason: 'DISABLED' }, false)).toEqual({
      key: 'off',
      reason: 'DISABLED',
      value: false,
      variant: 'off',
    });
    expect(answer({ key: 'bare', reason: 'DISABLED' }, false)).toEqual({ key: 'bare', reason: 'DISABLED' });
  });

  test.each([
    ['FLAG_NOT_FOUND', 404],
    ['PARSE_ERROR', 400],
    ['GENERAL', 400],
  ] as const)('that failed with %s has no reason and the status %d', (errorCode, status) => {
    const failed = answer({ reason: 'ERROR', errorCode, errorDetails: 'why' });
    expect(failed).toEqual({ key: 'beta', errorCode, errorDetails: 'why' });
    expect(ofrepStatus(failed)).toBe(status);
  });
});

test('a targeting key is a string or absent', () => {
  for (const targetingKey of [undefined, null, 'user-1']) expect(targetingKeyError({ targetingKey })).toBeUndefined();
  expect(targetingKeyError({ targetingKey: '' })).toMatchObject({ errorCode: 'TARGETING_KEY_MISSING' });
  for (const targetingKey of [7, {}, ['a'], true]) {
    expect(targetingKeyError({ targetingKey })).toMatchObject({ errorCode: 'INVALID_CONTEXT' });
  }
});
