import { expect, test } from 'vitest';
import { workflowNames } from '#core/contract/platform/names.ts';
import { functionNames } from '#functions/manifest.ts';
import { type Branch, statesOf } from '#local/workflows/definition.ts';
import { readDefinition } from '#local/workflows/read-definition.ts';
import { workflows } from '#workflows/workflows.ts';
import { aTask, inOrder } from './step-functions.ts';

test.each(workflowNames)('%s runs here as it does on AWS', (name) => {
  expect(() => readDefinition(name, workflows[name], new Set<string>(functionNames))).not.toThrow();
});

const known = new Set(['step']);
const withState = (state: object) => inOrder({ only: state });

test.each<[string, object, RegExp]>([
  ['JSONata', { QueryLanguage: 'JSONata', ...withState(aTask('step')) }, /not written in JSONPath/],
  ['JSONata in a state', withState(aTask('step', { QueryLanguage: 'JSONata' })), /not written in JSONPath/],
  ['JSONata arguments', withState(aTask('step', { Arguments: {} })), /Arguments/],
  ['Assign', withState(aTask('step', { Assign: { x: 1 } })), /has no variables/],
  ['a variable', withState(aTask('step', { Parameters: { 'x.$': '$counter' } })), /reads a variable/],
  ['a heartbeat', withState(aTask('step', { HeartbeatSeconds: 5 })), /heartbeats/],
  ['a time-out by path', withState(aTask('step', { TimeoutSecondsPath: '$.t' })), /TimeoutSecondsPath/],
  ['a task token', withState(aTask('step', { Parameters: { 'token.$': '$$.Task.Token' } })), /task token/],
  ['a Map', withState({ Type: 'Map', ItemProcessor: inOrder({ one: aTask('step') }) }), /is a Map/],
  [
    'an integration',
    withState({ Type: 'Task', Resource: 'arn:aws:states:::dynamodb:putItem' }),
    /calls arn:aws:states/,
  ],
  [
    'a literal ARN',
    withState({ Type: 'Task', Resource: 'arn:aws:lambda:us-east-1:123456789012:function:x' }),
    /calls arn:/,
  ],
  ['a function nobody has', withState(aTask('missing')), /calls the function missing/],
  [
    'a computed cause',
    withState({ Type: 'Fail', Error: 'E', CausePath: "States.Format('{}', $.x)" }),
    /computes its error/,
  ],
  ['a nameless failure', withState({ Type: 'Fail' }), /without an Error/],
  [
    'an error never raised',
    withState(aTask('step', { Retry: [{ ErrorEquals: ['States.BranchFailed'] }] })),
    /never raised/,
  ],
  ['an empty result', withState({ Type: 'Pass', Result: false }), /empty Result/],
  [
    'two states of one name',
    inOrder({ only: { Type: 'Parallel', Branches: [inOrder({ only: aTask('step') })] } }),
    /used twice/,
  ],
  ['no states', { StartAt: 'only' }, /no state machine/],
])('%s is refused when the workflow is loaded', (_, definition, message) => {
  expect(() => readDefinition('w', definition, known)).toThrow(message);
});

test('names of branches are found wherever they stand', () => {
  const inner: Branch = readDefinition(
    'w',
    inOrder({ out: { Type: 'Parallel', Branches: [inOrder({ in: aTask('step') })] } }),
    known,
  );
  expect([...statesOf(inner)].map(([name]) => name)).toStrictEqual(['out', 'in']);
});
