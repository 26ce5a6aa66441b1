import type * as z from 'zod';
import { AppError } from '#core/contract/api/errors.ts';

/** The name in the path of a resource that a PUT may create; throws `invalid_request` if the name is not valid. */
export const newName = (schema: z.ZodType<string>, name = ''): string => {
  const parsed = schema.safeParse(name);
  if (parsed.success) return parsed.data;
  throw new AppError('invalid_request', `"${name}" ${parsed.error.issues[0]?.message}.`);
};
