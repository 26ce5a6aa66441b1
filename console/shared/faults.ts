import type * as z from 'zod';
import type { Problem } from '#core/contract/api/http.ts';

/** What is wrong with a form, by the field it is wrong with; `''` for the form as a whole. */
export type Faults = Readonly<Record<string, string>>;

/** What a schema finds, at the fields that it is about. */
export const faultsOf = (issues: readonly z.core.$ZodIssue[]): Faults =>
  Object.fromEntries(
    issues.map(({ path, message }) => [String(path[0] ?? ''), sentence(path.slice(1), message)]).toReversed(),
  );

/** A refusal of the API, at the fields that it is about. */
export const faultsOfProblem = ({ code, detail, errors = [] }: Problem): Faults => {
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
