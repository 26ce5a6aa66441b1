import * as z from 'zod';

const stateSchema = z.object({
  Type: z.string(),
  Next: z.string().optional(),
  Catch: z.array(z.object({ Next: z.string() })).optional(),
  Choices: z.array(z.object({ Next: z.string() })).optional(),
  Default: z.string().optional(),
  get Branches() {
    return z.array(machineSchema).optional();
  },
});
export type State = z.infer<typeof stateSchema>;

/** The parts of an Amazon States Language workflow that a picture needs: its states and transitions. */
export const machineSchema = z.object({
  StartAt: z.string(),
  get States() {
    return z.record(z.string(), stateSchema);
  },
});
export type Machine = z.infer<typeof machineSchema>;
