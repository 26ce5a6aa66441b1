import type { StateMachineDefinition } from 'aws-local-stepfunctions';
import { type Branch, type Definition, functionOf, type State } from './definition.ts';

/** What the history and the calls need to know of a state. */
export interface PlannedState {
  name: string;
  /** As in the file: the library runs a Wait as a Task. */
  type: State['Type'];
  /** Where `$$.State` of this state is found in the context: the library has none. */
  contextKey: string;
  functionName: string | undefined;
  timeoutSeconds: number | undefined;
  /** Name of the sequence it stands in: the main one, or a branch. */
  sequence: string;
  /** The sequences of a Parallel. */
  branches: readonly string[];
}

/** A definition made ready for the library, and what is to be known of its states. */
export interface Plan {
  definition: StateMachineDefinition;
  states: ReadonlyMap<string, PlannedState>;
  timeoutSeconds: number | undefined;
}

export const mainSequence = '';

/** The longest time-out that Node's timers hold; a longer one would fire at once. AWS's default is never. */
const longestTimeoutSeconds = 2_147_483;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isReference = (key: string) => key.endsWith('.$') || key.endsWith('Path') || key === 'Variable';

/**
 * Copies a state with its references rewritten: `$$.State` is not known to the library, and within a Parallel its
 * `$$.Execution` is the branch's own.
 */
function withReferences(value: unknown, contextKey: string, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => withReferences(item, contextKey, key));
  if (isRecord(value)) {
    return Object.fromEntries(
      Object.entries(value)
        // The library would write a key called `$`; without the field the result replaces the input, as "$" says.
        .filter(([name, inner]) => !(name === 'ResultPath' && inner === '$'))
        .map(([name, inner]) => [name, withReferences(inner, contextKey, name)]),
    );
  }
  if (typeof value !== 'string' || !isReference(key)) return value;
  return value
    .replaceAll(/\$\$\.State\b(?!Machine)/g, () => `$$.States.${contextKey}`)
    .replaceAll(/\$\$\.Execution\b/g, () => '$$.Root');
}

/** A Wait as a Task, so that its handler can wait on the virtual clock: its input comes back as its output. */
function waitAsTask(state: Record<string, unknown>): Record<string, unknown> {
  const { Seconds, SecondsPath, Timestamp, TimestampPath, ...rest } = state;
  const parameters = Object.entries({
    seconds: Seconds,
    'seconds.$': SecondsPath,
    timestamp: Timestamp,
    'timestamp.$': TimestampPath,
  }).filter(([, value]) => value !== undefined);
  return { ...rest, Type: 'Task', Resource: 'wait', Parameters: { 'input.$': '$', ...Object.fromEntries(parameters) } };
}

const withTimeout = (state: Record<string, unknown>, seconds = longestTimeoutSeconds) => ({
  ...state,
  TimeoutSeconds: Math.min(seconds, longestTimeoutSeconds),
});

/** Makes the definition fit for the library without changing what it means on AWS. */
export function planOf({ TimeoutSeconds: timeoutSeconds, ...main }: Definition): Plan {
  const states = new Map<string, PlannedState>();

  const planState = (name: string, { Branches: inner = [], ...state }: State, sequence: string): unknown => {
    const contextKey = `s${states.size}`;
    const branches = inner.map((_, index) => `${name}[${index}]`);
    const functionName = state.Type === 'Task' ? functionOf(state.Resource) : undefined;
    const planned = { name, type: state.Type, contextKey, functionName, sequence, branches };
    states.set(name, { ...planned, timeoutSeconds: state.TimeoutSeconds });
    const rewritten = withReferences(state, contextKey);
    if (!isRecord(rewritten)) throw new TypeError(`State ${name} is no object.`);
    if (state.Type === 'Task') return withTimeout(rewritten, state.TimeoutSeconds);
    if (state.Type === 'Wait') return withTimeout(waitAsTask(rewritten));
    if (inner.length === 0) return rewritten;
    return { ...rewritten, Branches: inner.map((branch, index) => planBranch(branch, branches[index] ?? name)) };
  };
  const planBranch = (branch: Branch, sequence: string) => ({
    ...branch,
    States: Object.fromEntries(
      Object.entries(branch.States).map(([name, state]) => [name, planState(name, state, sequence)]),
    ),
  });

  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- asl-validator found the definition valid
  const definition = planBranch(main, mainSequence) as StateMachineDefinition;
  return { definition, states, timeoutSeconds };
}
