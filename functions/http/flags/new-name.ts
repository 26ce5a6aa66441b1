import type * as z from 'zod';
import { AppError } from '#core/contract/api/errors.ts';

/** The name in the path of something that may be made there; throws `invalid_request` for one that nothing may have. */
export const newName = (schema: z.ZodType<string>, name = ''): string => {
  const parsed = schema.safeParse(name);
  if (parsed.success) return parsed.data;
  throw new AppError('invalid_request', `"${name}" ${parsed.error.issues[0]?.message}.`);
};
