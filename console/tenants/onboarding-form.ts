import { type Entry, metadataOf } from '#console/shared/entries.ts';
import { type FieldErrors, fieldErrorsOf } from '#console/shared/field-errors.ts';
import { type OnboardingRequest, onboardingSchema } from '#core/contract/model/tenant.ts';

/** The form as typed, before validation. */
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

/** Derives a slug from a name. */
export const slugOf = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{Mn}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replaceAll(/^-+|-+$/g, '');

const requestOf = ({ externalId, metadata, flags, ...required }: Draft): unknown => ({
  ...required,
  ...(externalId !== '' && { externalId }),
  ...(metadata.length > 0 && { metadata: metadataOf(metadata) }),
  ...(flags.length > 0 && { flags: Object.fromEntries(flags.map(({ key, value }) => [key, value])) }),
});

/** Validates the draft with the API's own schema. */
export const validateDraft = (draft: Draft): { request: OnboardingRequest } | { errors: FieldErrors } => {
  const { success, data, error } = onboardingSchema.safeParse(requestOf(draft));
  return success ? { request: data } : { errors: fieldErrorsOf(error.issues) };
};
