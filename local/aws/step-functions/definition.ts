import * as z from 'zod';

/** Strict throughout: what would not run here as it does on AWS is refused when a workflow is loaded. */
const path = z.string().regex(/^\$(?:\.\w+)*$/, 'must be a path such as $.a.b');
const source = z.union([path, z.enum(['$$.Execution.Id', '$$.State.RetryCount'])], {
  error: 'must be a path into the input, or $$.Execution.Id or $$.State.RetryCount of the context',
});
const resultPath = z
  .string()
  .regex(/^\$(?:\.\w+)?$/, 'must be $ or $.field')
  .nullable()
  .default('$');
const errors = z
  .array(z.string().regex(/^(?!States\.)|^States\.(?:ALL|Timeout)$/, 'is never raised here, or never caught'))
  .min(1);

const about = { Comment: z.string().optional() };
const working = {
  ...about,
  ResultPath: resultPath,
  Catch: z.array(z.strictObject({ ErrorEquals: errors, ResultPath: resultPath, Next: z.string() })).default([]),
  Next: z.string().optional(),
  End: z.literal(true).optional(),
};
const retrier = z.strictObject({
  ErrorEquals: errors,
  IntervalSeconds: z.int().min(1).default(1),
  MaxAttempts: z.int().min(0).default(3),
  BackoffRate: z.number().min(1).default(2),
  MaxDelaySeconds: z.int().min(1).optional(),
  JitterStrategy: z.enum(['FULL', 'NONE']).default('NONE'),
});
const task = z.strictObject({
  ...working,
  Type: z.literal('Task'),
  /** `${function}`, which is replaced by the ARN on AWS, and by the bare name here. */
  Resource: z
    .string()
    .regex(/^\$\{[\w-]+\}$/, 'must be a function of the manifest, ${name}')
    .transform((text) => text.slice(2, -1)),
  Parameters: z.record(z.string().endsWith('.$'), source).optional(),
  // A timer of Node that is longer fires at once.
  TimeoutSeconds: z.int().min(1).max(2_147_483).optional(),
  Retry: z.array(retrier).default([]),
});
const choice = z.strictObject({
  ...about,
  Type: z.literal('Choice'),
  Choices: z.array(z.strictObject({ Variable: path, BooleanEquals: z.boolean(), Next: z.string() })).min(1),
  Default: z.string(),
});
const succeed = z.strictObject({ ...about, Type: z.literal('Succeed') });
const fail = z.strictObject({ ...about, Type: z.literal('Fail'), Error: z.string(), Cause: z.string().optional() });

const branchShape = { ...about, StartAt: z.string(), States: z.lazy(() => z.record(z.string(), state)) };
const branch: z.ZodType<Branch> = z.lazy(() => z.strictObject(branchShape));
const parallel = z.strictObject({ ...working, Type: z.literal('Parallel'), Branches: z.array(branch).min(1) });
const state = z.discriminatedUnion('Type', [task, parallel, choice, succeed, fail]);
const definition = z.strictObject({ ...branchShape, TimeoutSeconds: z.int().min(1).optional() });

export type Retrier = z.infer<typeof retrier>;
export type Task = z.infer<typeof task>;
export type Parallel = z.infer<typeof parallel>;
export type State = z.infer<typeof state>;
export interface Branch {
  StartAt: string;
  States: Record<string, State>;
}
export type Definition = z.infer<typeof definition>;

/**
 * Reads a workflow. Throws, naming every fault, when it uses what does not run here, leads to a missing state, or calls
 * a function that is not in `functions`.
 */
export function readDefinition(workflow: string, json: unknown, functions: ReadonlySet<string>): Definition {
  const { data, error } = definition.safeParse(json);
  const faults = data ? [...faultsOf(data, functions, new Set())] : [z.prettifyError(error)];
  if (!data || faults.length > 0) throw new Error(`Workflow ${workflow} cannot run here:\n${faults.join('\n')}`);
  return data;
}

function* faultsOf({ StartAt, States }: Branch, functions: ReadonlySet<string>, seen: Set<string>): Generator<string> {
  const isMissing = (name: string) => !Object.hasOwn(States, name);
  if (isMissing(StartAt)) yield `It starts at ${StartAt}, which is not there.`;
  for (const [name, one] of Object.entries(States)) {
    if (seen.has(name)) yield `${name}: the name is used twice.`;
    seen.add(name);
    for (const next of followersOf(one).filter(isMissing)) yield `${name} leads to ${next}, which is not there.`;
    if ('Catch' in one && 'End' in one === 'Next' in one) yield `${name} needs either Next or End.`;
    if (one.Type === 'Task' && !functions.has(one.Resource))
      yield `${name} calls the function ${one.Resource}, which is not in the manifest.`;
    if (one.Type === 'Parallel') for (const inner of one.Branches) yield* faultsOf(inner, functions, seen);
  }
}

/** The names of the states that may come after this one. */
function followersOf(one: State): string[] {
  if (one.Type === 'Choice') return [one.Default, ...one.Choices.map(({ Next }) => Next)];
  if (!('Catch' in one)) return [];
  return [...(one.Next === undefined ? [] : [one.Next]), ...one.Catch.map(({ Next }) => Next)];
}
