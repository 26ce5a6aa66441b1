import * as z from 'zod';

const stateSchema = z.looseObject({
  Type: z.enum(['Task', 'Parallel', 'Map', 'Pass', 'Wait', 'Choice', 'Succeed', 'Fail']),
  Resource: z.string().optional(),
  TimeoutSeconds: z.number().optional(),
  get Branches() {
    return z.array(branchSchema).optional();
  },
});
const branchSchema = z.looseObject({ StartAt: z.string(), States: z.record(z.string(), stateSchema) });
export const definitionSchema = branchSchema.extend({ TimeoutSeconds: z.number().optional() });

/** One state of a workflow, as its file has it. */
export type State = z.infer<typeof stateSchema>;
export type Branch = z.infer<typeof branchSchema>;
export type Definition = z.infer<typeof definitionSchema>;

/** Every state with its name, those of branches after the state they belong to. */
export function* statesOf(branch: Branch): Generator<[name: string, state: State]> {
  for (const [name, state] of Object.entries(branch.States)) {
    yield [name, state];
    for (const inner of state.Branches ?? []) yield* statesOf(inner);
  }
}

/** The function behind a Task's `Resource`, which names it as `${function}`. */
export const functionOf = (resource = '') => /^\$\{([\w-]+)\}$/.exec(resource)?.[1];
