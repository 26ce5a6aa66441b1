import type * as z from 'zod';
import type { Problem } from '#core/contract/http.ts';
import { type OnboardingRequest, onboardingSchema } from '#core/contract/tenant.ts';

export interface Entry {
  key: string;
  value: string;
}

/** What is typed into the form, before it is judged. */
export interface Draft {
  slug: string;
  name: string;
  tier: string;
  region: string;
  adminEmail: string;
  externalId: string;
  metadata: readonly Entry[];
  flags: readonly Entry[];
}

/** What is wrong, by the field it is wrong with; `''` for the request as a whole. */
export type Faults = Readonly<Record<string, string>>;

/** A name as a slug, as far as that goes. */
export const slugOf = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{Mn}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replaceAll(/^-+|-+$/g, '');

/** `true`, `false` and numbers are taken for what they are; all else is text. */
const valueOf = (text: string): string | number | boolean => {
  if (text === 'true' || text === 'false') return text === 'true';
  return text !== '' && String(Number(text)) === text ? Number(text) : text;
};

const recordOf = <T>(entries: readonly Entry[], read: (text: string) => T): Record<string, T> | undefined =>
  entries.length > 0 ? Object.fromEntries(entries.map(({ key, value }) => [key, read(value)])) : undefined;

const requestOf = ({ externalId, metadata, flags, ...required }: Draft): unknown => ({
  ...required,
  ...(externalId !== '' && { externalId }),
  ...(metadata.length > 0 && { metadata: recordOf(metadata, valueOf) }),
  ...(flags.length > 0 && { flags: recordOf(flags, String) }),
});

const faultsOf = (issues: readonly z.core.$ZodIssue[]): Faults =>
  Object.fromEntries(
    issues.map(({ path, message }) => [String(path[0] ?? ''), sentence(path.slice(1), message)]).toReversed(),
  );

const sentence = (within: readonly PropertyKey[], message: string) =>
  within.length > 0 ? `${within.map(String).join('.')}: ${message}` : message;

/** Judges the draft by the very schema the API judges the request by. */
export const judged = (draft: Draft): { request: OnboardingRequest } | { faults: Faults } => {
  const { success, data, error } = onboardingSchema.safeParse(requestOf(draft));
  return success ? { request: data } : { faults: faultsOf(error.issues) };
};

/** A refusal of the API, at the field that it is about. */
export const faultsOfProblem = ({ code, detail, errors = [] }: Problem): Faults => {
  if (code === 'slug_taken') return { slug: detail };
  if (errors.length === 0) return { '': detail };
  return Object.fromEntries(errors.map(({ path, message }) => fieldOf(path.split('/').slice(1), message)).toReversed());
};

const fieldOf = ([field = '', ...within]: string[], message: string): [string, string] => [
  field,
  sentence(within, message),
];
