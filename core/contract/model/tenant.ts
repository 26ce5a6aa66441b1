import * as z from 'zod';
import { limitsSchema } from './limits.ts';
import { isolations } from './tiers.ts';

export const tenantStatuses = [
  'requested',
  'provisioning',
  'active',
  'suspended',
  'offboarding',
  'offboarded',
  'rolling-back',
  'failed',
  'rollback-failed',
] as const;
export type TenantStatus = (typeof tenantStatuses)[number];
export const isTenantStatus = (text: string): text is TenantStatus =>
  (tenantStatuses as readonly string[]).includes(text);

/** In these states a tenant's users and its database role are refused, even with valid tokens and passwords. */
export const closedStatuses = ['suspended', 'offboarding', 'offboarded'] as const satisfies readonly TenantStatus[];
export const isClosed = (status: TenantStatus) => (closedStatuses as readonly TenantStatus[]).includes(status);

/** `tn_` and a time-ordered UUID v7 in base 32; the tenant's database role has the same name. */
export const tenantIdSchema = z.string().regex(/^tn_[0-7][0-9a-hjkmnp-tv-z]{25}$/, 'must be a tenant id (tn_…)');

/** A DNS label of at most 40 characters: usable in host names, and never mistaken for an id. */
const slugSchema = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/,
    'must be 1–40 of a–z, 0–9 and "-", neither beginning nor ending with "-"',
  );

/** Text without control characters, bidirectional overrides, or leading or trailing spaces. */
export const printable = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(
      /^(?!\s)[^\p{Cc}\p{Cs}\u2028-\u202e\u2066-\u2069]*(?<!\s)$/u,
      'must not contain control characters, or begin or end with a space',
    );

const keySchema = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9._-]{0,63}$/, 'must be a name of at most 64 letters, digits, ".", "_", "-"');
const entries = <V extends z.ZodType>(value: V, max: number) =>
  z
    .record(keySchema, value)
    .refine((record) => Object.keys(record).length <= max, `must contain at most ${max} entries`);

/** A lone surrogate has no UTF-8 form, so it can be neither stored nor hashed. */
const wellFormed = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^\P{Cs}*$/u, 'must be well-formed Unicode');
/** Numbers that DynamoDB's document client stores exactly: up to 2⁵³ − 1, not nearer to zero than 10⁻¹³⁰. */
const storableNumber = z
  .number()
  .min(Number.MIN_SAFE_INTEGER)
  .max(Number.MAX_SAFE_INTEGER)
  .refine((value) => value === 0 || Math.abs(value) >= 1e-130, 'must not be nearer to zero than 1e-130');

const metadataSchema = entries(z.union([wellFormed(256), storableNumber, z.boolean()]), 50);
/** Flag key → variant, written as overrides of the tenant during onboarding. */
const requestedFlagsSchema = entries(printable(64), 50);
const adminEmailSchema = z.email().max(254);

/** A request to onboard a tenant, the same over HTTP and on the bus. */
export const onboardingSchema = z.strictObject({
  slug: slugSchema,
  name: printable(120),
  tier: z.string().min(1).max(32),
  region: z.string().min(1).max(32).optional(),
  adminEmail: adminEmailSchema,
  externalId: printable(128).optional(),
  flags: requestedFlagsSchema.optional(),
  metadata: metadataSchema.optional(),
});
export type OnboardingRequest = z.infer<typeof onboardingSchema>;

export const tenantUpdateSchema = z
  .strictObject({
    name: printable(120),
    metadata: metadataSchema,
    adminEmail: adminEmailSchema,
    /** `null` restores the tier's limits. */
    limits: limitsSchema.nullable(),
  })
  .partial()
  .refine((update) => Object.keys(update).length > 0, 'must change at least one of name, metadata, adminEmail, limits');
export type TenantUpdate = z.infer<typeof tenantUpdateSchema>;

/** Why a tenant is suspended or resumed. */
export const suspensionSchema = z.strictObject({ reason: printable(500).optional() });

/** Where routers find the tenant: `epoch` grows with every move, so that an outdated placement can be recognized. */
export const placementSchema = z.object({ shardId: z.string(), namespace: z.string(), epoch: z.int().min(1) });
export type Placement = z.infer<typeof placementSchema>;

export const failureSchema = z.object({ step: z.string(), code: z.string(), message: z.string() });
export type Failure = z.infer<typeof failureSchema>;

/** Sort keys for listing tenants. */
export const tenantSorts = ['createdAt', 'slug'] as const;
export type TenantSort = (typeof tenantSorts)[number];

export const tenantSchema = z.object({
  tenantId: tenantIdSchema,
  slug: slugSchema,
  name: z.string(),
  tier: z.string(),
  isolation: z.enum(isolations),
  status: z.enum(tenantStatuses),
  region: z.string(),
  placement: placementSchema.optional(),
  adminEmail: z.string(),
  externalId: z.string().optional(),
  metadata: metadataSchema,
  /** The tenant's own limits, which replace its tier's. */
  limits: limitsSchema.optional(),
  failure: failureSchema.optional(),
  /** Set while the tenant is suspended: since when, by which operation, and why. */
  suspension: z.object({ operationId: z.string(), since: z.iso.datetime(), reason: z.string().optional() }).optional(),
  /** The time of the last suspension: tokens of its users issued up to then are refused. */
  tokensValidFrom: z.iso.datetime().optional(),
  version: z.int().min(1),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type Tenant = z.infer<typeof tenantSchema>;
