import { expect, test } from 'vitest';
import { workflowNames } from '#core/contract/platform/names.ts';
import { functionNames } from '#functions/manifest.ts';
import { readDefinition } from '#local/aws/step-functions/definition.ts';
import { workflows } from '#workflows/workflows.ts';
import { aTask, inOrder } from './step-functions.ts';

test.each(workflowNames)('%s runs here as it does on AWS', (name) => {
  expect(() => readDefinition(name, workflows[name], new Set<string>(functionNames))).not.toThrow();
});

const known = new Set(['step']);
const withState = (state: object) => inOrder({ only: state });

test.each<[string, object, RegExp]>([
  ['JSONata', { QueryLanguage: 'JSONata', ...withState(aTask('step')) }, /"QueryLanguage"/],
  ['JSONata in a state', withState(aTask('step', { QueryLanguage: 'JSONata' })), /"QueryLanguage"\s.*at States.only/],
  ['JSONata arguments', withState(aTask('step', { Arguments: {} })), /"Arguments"/],
  ['Assign', withState(aTask('step', { Assign: { x: 1 } })), /"Assign"/],
  ['a variable', withState(aTask('step', { Parameters: { 'x.$': '$counter' } })), /must be a path/],
  ['an intrinsic function', withState(aTask('step', { Parameters: { 'x.$': 'States.UUID()' } })), /must be a path/],
  ['a filter', withState(aTask('step', { Parameters: { 'x.$': '$.list[0]' } })), /must be a path/],
  ['a literal parameter', withState(aTask('step', { Parameters: { x: 1 } })), /Parameters/],
  ['a deep result', withState(aTask('step', { ResultPath: '$.a.b' })), /must be \$ or \$\.field/],
  ['another input', withState(aTask('step', { InputPath: '$.a' })), /"InputPath"/],
  ['a heartbeat', withState(aTask('step', { HeartbeatSeconds: 5 })), /"HeartbeatSeconds"/],
  ['a time-out by path', withState(aTask('step', { TimeoutSecondsPath: '$.t' })), /"TimeoutSecondsPath"/],
  ['a task token', withState(aTask('step', { Parameters: { 'token.$': '$$.Task.Token' } })), /must be a path/],
  ['a Map', withState({ Type: 'Map', ItemProcessor: inOrder({ one: aTask('step') }) }), /at States.only/],
  ['a Wait', withState({ Type: 'Wait', Seconds: 5 }), /at States.only/],
  [
    'a Retry of the whole of its branches',
    withState({ Type: 'Parallel', Branches: [inOrder({ in: aTask('step') })], Retry: [{ ErrorEquals: ['A'] }] }),
    /"Retry"/,
  ],
  [
    'a comparison of texts',
    inOrder({
      only: { Type: 'Choice', Choices: [{ Variable: '$.a', StringEquals: 'b', Next: 'only' }], Default: 'only' },
    }),
    /"StringEquals"/,
  ],
  [
    'an integration',
    withState({ Type: 'Task', Resource: 'arn:aws:states:::dynamodb:putItem' }),
    /must be a function of the manifest/,
  ],
  [
    'a literal ARN',
    withState({ Type: 'Task', Resource: 'arn:aws:lambda:us-east-1:123456789012:function:x' }),
    /must be a function of the manifest/,
  ],
  ['a function nobody has', withState(aTask('missing')), /only calls the function missing/],
  ['a computed cause', withState({ Type: 'Fail', CausePath: '$.x', Error: 'E' }), /"CausePath"/],
  ['a nameless failure', withState({ Type: 'Fail' }), /at States.only.Error/],
  [
    'an error never raised',
    withState(aTask('step', { Retry: [{ ErrorEquals: ['States.BranchFailed'] }] })),
    /never raised/,
  ],
  [
    'two states of one name',
    inOrder({ only: { Type: 'Parallel', Branches: [inOrder({ only: aTask('step') })] } }),
    /used twice/,
  ],
  ['a way to nowhere', withState(aTask('step', { Next: 'nowhere' })), /only leads to nowhere/],
  [
    'a Catch to nowhere',
    withState(aTask('step', { Catch: [{ ErrorEquals: ['A'], Next: 'nowhere' }], End: true })),
    /only leads to nowhere/,
  ],
  ['a start at nowhere', { ...withState(aTask('step')), StartAt: 'nowhere' }, /starts at nowhere/],
  ['a state that neither ends nor goes on', { StartAt: 'only', States: { only: aTask('step') } }, /either Next or End/],
  ['no states', { StartAt: 'only' }, /at States/],
])('%s is refused when the workflow is loaded', (_, definition, message) => {
  expect(() => readDefinition('w', definition, known)).toThrow(message);
});
