import { type Definition, functionOf, type State, statesOf } from './definition.ts';

/** Fields that the library ignores or treats in another way than Step Functions does. */
const refusedFields: Readonly<Record<string, string>> = {
  Assign: 'has no variables',
  Arguments: 'knows JSONPath only',
  Output: 'knows JSONPath only',
  Credentials: 'has no other accounts',
  HeartbeatSeconds: 'has no heartbeats',
  HeartbeatSecondsPath: 'has no heartbeats',
  TimeoutSecondsPath: 'takes time-outs as numbers',
};

const isFalsy = (value: unknown) => value === null || value === false || value === 0 || value === '';

function* refusalsOfState(state: State, functions: ReadonlySet<string>): Generator<string> {
  const text = JSON.stringify({ ...state, Branches: undefined });
  for (const [field, reason] of Object.entries(refusedFields)) {
    if (field in state) yield `uses ${field}: the local run ${reason}`;
  }
  if ('QueryLanguage' in state && state['QueryLanguage'] !== 'JSONPath') yield 'is not written in JSONPath';
  if (state.Type === 'Map') yield 'is a Map: the local run has none';
  if (state.Type === 'Task') yield* refusalsOfTask(state, functions);
  if (state.Type === 'Fail' && !('Error' in state || 'ErrorPath' in state)) yield 'fails without an Error';
  if ('Result' in state && isFalsy(state['Result'])) yield 'has an empty Result, which the local run would pass over';
  if (text.includes('$$.Task.Token')) yield 'waits for a task token: the local run has none';
  if (/"(?:Error|Cause)Path":"States\./.test(text))
    yield 'computes its error: ErrorPath and CausePath must be paths here';
  if (/"States\.(?:BranchFailed|HeartbeatTimeout|ItemReaderFailed)"/.test(text))
    yield 'catches an error never raised here';
  if (/"\$(?!\$|\{)[A-Za-z_]/.test(text)) yield 'reads a variable: the local run has none';
}

function* refusalsOfTask({ Resource: resource }: State, functions: ReadonlySet<string>): Generator<string> {
  const name = functionOf(resource);
  if (name === undefined) yield `calls ${String(resource)}: a Task here calls a function of the manifest, \${name}`;
  else if (!functions.has(name)) yield `calls the function ${name}, which is not in the manifest`;
}

function* refusalsOfNames(names: readonly string[]): Generator<string> {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) yield `${name}: the name is used twice, and handlers go by it`;
    seen.add(name);
  }
}

/** All that keeps a definition from running here as it does on AWS, a line each; empty when nothing does. */
export function refusalsOf(definition: Definition, functions: ReadonlySet<string>): string[] {
  const states = [...statesOf(definition)];
  const language = definition['QueryLanguage'];
  return [
    ...(language === undefined || language === 'JSONPath' ? [] : ['The workflow is not written in JSONPath.']),
    ...refusalsOfNames(states.map(([name]) => name)),
    ...states.flatMap(([name, state]) => [...refusalsOfState(state, functions)].map((text) => `${name} ${text}.`)),
  ];
}
