import type * as z from 'zod';
import { AppError } from '#core/contract/api/errors.ts';
import { fieldErrors } from '#functions/shell/request-parts.ts';

/** The input of a control route, parsed; throws `invalid_request` with each violation at its place. */
export function parsedInput<S extends z.ZodType>(schema: S, input: unknown): z.infer<S> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const errors = fieldErrors(result.error);
  const violations = errors.map(({ path, message }) => `${path || 'the body'} ${message}`).join('; ');
  throw new AppError('invalid_request', `Not understood: ${violations}.`, { errors });
}
