import { describe, expect, test } from 'vitest';
import { operationKindNames, operationKinds, operationWorkflows } from '#core/operation/kinds.ts';
import { transitions, undoTransitions } from '#core/tenant/transitions.ts';
import { functionNames } from '#functions/manifest.ts';

test('no two kinds share a workflow', () => {
  expect(new Set(operationWorkflows).size).toBe(operationKindNames.length);
});

describe.for(operationKindNames)('the kind %s', (kind) => {
  const spec = operationKinds[kind];

  test('has a function for each of its steps', () => {
    expect(spec.steps.filter((step) => !(functionNames as readonly string[]).includes(step))).toEqual([]);
  });

  test('goes through states that the transition table knows', () => {
    if (spec.subject !== 'tenant') return;
    const { during, to } = spec.tenant;
    const ends = to === undefined ? [] : [to];
    for (const end of ends)
      expect(during.some((state) => state === end || transitions[state].includes(end))).toBe(true);
    if (spec.onFailure !== 'undo') return;
    for (const state of [...during, ...ends]) {
      expect(state === spec.undo.during || undoTransitions[state].includes(spec.undo.during)).toBe(true);
    }
  });
});
