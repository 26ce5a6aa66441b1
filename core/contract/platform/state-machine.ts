import * as z from 'zod';

const stateSchema = z.object({
  Type: z.string(),
  Next: z.string().optional(),
  Catch: z.array(z.object({ Next: z.string() })).optional(),
  get Branches() {
    return z.array(machineSchema).optional();
  },
});
export type State = z.infer<typeof stateSchema>;

/** What of a workflow in the Amazon States Language pictures are drawn from: its states, and what comes after which. */
export const machineSchema = z.object({
  StartAt: z.string(),
  get States() {
    return z.record(z.string(), stateSchema);
  },
});
export type Machine = z.infer<typeof machineSchema>;
