import { type Entry, entriesOf, metadataOf } from '#console/shared/entries.ts';
import { type FieldErrors, fieldErrorsOf } from '#console/shared/field-errors.ts';
import { numberOf } from '#console/shared/number-of.ts';
import { type Tenant, type TenantUpdate, tenantUpdateSchema } from '#core/contract/model/tenant.ts';

/** The editable fields of a tenant, as typed. Without limits of its own, those of its tier apply. */
export interface RecordDraft {
  name: string;
  adminEmail: string;
  hasOwnLimits: boolean;
  requestsPerSecond: string;
  burst: string;
  metadata: readonly Entry[];
}

export const draftOf = ({ name, adminEmail, limits, metadata }: Tenant): RecordDraft => ({
  name,
  adminEmail,
  hasOwnLimits: limits !== undefined,
  requestsPerSecond: String(limits?.requestsPerSecond ?? ''),
  burst: String(limits?.burst ?? ''),
  metadata: entriesOf(metadata),
});

const limitsOf = ({ hasOwnLimits, requestsPerSecond, burst }: RecordDraft) =>
  hasOwnLimits ? { requestsPerSecond: numberOf(requestsPerSecond), burst: numberOf(burst) } : null;

const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** The changed fields, validated with the API's own schema; `undefined` if nothing changed. */
export const validateUpdate = (
  tenant: Tenant,
  draft: RecordDraft,
): { update: TenantUpdate | undefined } | { errors: FieldErrors } => {
  const metadata = metadataOf(draft.metadata, tenant.metadata);
  const limits = limitsOf(draft);
  const update = {
    ...(draft.name !== tenant.name && { name: draft.name }),
    ...(draft.adminEmail !== tenant.adminEmail && { adminEmail: draft.adminEmail }),
    ...(!isSame(limits, tenant.limits ?? null) && { limits }),
    ...(!isSame(metadata, tenant.metadata) && { metadata }),
  };
  if (Object.keys(update).length === 0) return { update: undefined };
  const { success, data, error } = tenantUpdateSchema.safeParse(update);
  return success ? { update: data } : { errors: fieldErrorsOf(error.issues) };
};
