import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { compactJson } from '#console/flags/compact-json.ts';
import { readDefinition } from '#console/flags/definition-text.ts';

test('formatting a definition does not change it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(compactJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('short rules stay on one line, long ones are split', () => {
  const rule = { if: [{ '===': [{ var: 'tier' }, 'growth'] }, 'on', null] };
  expect(compactJson({ state: 'ENABLED', targeting: rule })).toBe(
    '{\n  "state": "ENABLED",\n  "targeting": { "if": [{ "===": [{ "var": "tier" }, "growth"] }, "on", null] }\n}',
  );
  const long = compactJson({ variants: Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`variant-${n}`, n])) });
  expect(long.split('\n')).toHaveLength(24);
});

test('a definition is validated as it is typed', () => {
  const text = JSON.stringify({ state: 'ENABLED', variants: { on: true }, owner: '', description: '' });
  expect(readDefinition(text)).toEqual({ definition: { state: 'ENABLED', variants: { on: true } } });
  expect(readDefinition('{')).toEqual({ errors: [expect.stringMatching(/JSON/)] });
  expect(readDefinition('{"state":"MAYBE","variants":{}}')).toEqual({ errors: [expect.stringMatching(/^state: /)] });
  expect(readDefinition('[]')).toHaveProperty('errors');
});
