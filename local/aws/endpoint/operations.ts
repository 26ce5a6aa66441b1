import type * as z from 'zod';
import { AwsError, type AwsService, type CallContext, unknownOperation } from './service.ts';

type Answer = Record<string, unknown>;
type Operation = (input: unknown, context: CallContext) => Promise<Answer>;

/** One operation of a service: refuses with ValidationException what `schema` does not take, parameters it lacks included. */
export const operation =
  <T>(schema: z.ZodType<T>, run: (input: T, context: CallContext) => Answer | Promise<Answer>): Operation =>
  async (input, context) => {
    const parsed = schema.safeParse(input);
    if (parsed.success) return run(parsed.data, context);
    const faults = parsed.error.issues.map(({ path, message }) => [...path.map(String), message].join(': '));
    throw new AwsError('ValidationException', `The local run does not take this request: ${faults.join('; ')}`);
  };

/** A service that has these operations and refuses every other. */
export const serviceOf = (operations: Readonly<Record<string, Operation>>): AwsService => ({
  async call(name, input, context = {}) {
    const run = Object.hasOwn(operations, name) ? operations[name] : undefined;
    if (!run) throw unknownOperation(name);
    return run(input, context);
  },
  async close() {},
});
