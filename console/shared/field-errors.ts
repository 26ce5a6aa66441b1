import type * as z from 'zod';
import type { Problem } from '#core/contract/api/http.ts';

/** The errors of a form, by field; `''` is the form as a whole. */
export type FieldErrors = Readonly<Record<string, string>>;

/** The errors of a schema validation, by field. */
export const fieldErrorsOf = (issues: readonly z.core.$ZodIssue[]): FieldErrors =>
  Object.fromEntries(
    issues.map(({ path, message }) => [String(path[0] ?? ''), sentence(path.slice(1), message)]).toReversed(),
  );

/** The errors of an API refusal, by field. */
export const fieldErrorsOfProblem = ({ code, detail, errors = [] }: Problem): FieldErrors => {
  if (code === 'slug_taken') return { slug: detail };
  if (errors.length === 0) return { '': detail };
  return Object.fromEntries(errors.map(({ path, message }) => fieldOf(path.split('/').slice(1), message)).toReversed());
};

const sentence = (within: readonly PropertyKey[], message: string) =>
  within.length > 0 ? `${within.map(String).join('.')}: ${message}` : message;

const fieldOf = ([field = '', ...within]: string[], message: string): [string, string] => [
  field,
  sentence(within, message),
];
