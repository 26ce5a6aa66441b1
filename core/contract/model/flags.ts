import * as z from 'zod';
import { printable, tenantIdSchema, tenantStatuses } from './tenant.ts';
import { isolations } from './tiers.ts';

/** A name that `Object.prototype` does not define, unlike `constructor`: flags and evaluators are looked up by it. */
const ownName = (what: string) =>
  z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9._-]{0,63}$/, `must be ${what}: at most 64 letters, digits, ".", "_", "-"`)
    .refine((name) => !(name in Object.prototype), 'must not be the name of a built-in object property');

export const flagKeySchema = ownName('a flag key');
export const evaluatorNameSchema = ownName('the name of an evaluator');
const variantSchema = printable(64);
export const reasonSchema = printable(500);
const time = z.iso.datetime({ offset: true });

/** A JsonLogic rule with flagd's operators; `core/flags/` validates its content. */
export const ruleSchema = z.record(z.string(), z.unknown());
export type Rule = z.infer<typeof ruleSchema>;

const flagStates = ['ENABLED', 'DISABLED'] as const;

/** What a scheduled change sets; `percent` sets the first share of the rule's only `fractional`. */
const scheduledChangeSchema = z
  .strictObject({
    at: time,
    state: z.enum(flagStates).optional(),
    defaultVariant: variantSchema.nullable().optional(),
    targeting: ruleSchema.optional(),
    percent: z.int().min(0).max(100).optional(),
  })
  .refine(({ at: _at, ...changes }) => Object.keys(changes).length > 0, 'must change something')
  .refine(({ targeting, percent }) => targeting === undefined || percent === undefined, {
    path: ['percent'],
    message: 'must not be combined with targeting, which it changes',
  });
export type ScheduledChange = z.infer<typeof scheduledChangeSchema>;

/** The largest definition, as JSON: one bus event (at most 256 KB) holds the definition before and after a change. */
export const maxDefinitionBytes = 65_536;

/** flagd's flag format, extended by owner, expiry, prerequisites and schedule. */
export const flagDefinitionSchema = z.strictObject({
  state: z.enum(flagStates),
  variants: z
    .record(variantSchema, z.unknown())
    .refine((variants) => Object.keys(variants).length <= 100, 'must contain at most 100 variants'),
  /** Absent or null: the application's own default applies. */
  defaultVariant: variantSchema.nullable().optional(),
  targeting: ruleSchema.optional(),
  /** `approval: "required"`: every change needs approval by a second platform administrator. */
  metadata: z.record(z.string().min(1).max(64), z.union([z.string().max(256), z.number(), z.boolean()])).optional(),
  description: z.string().max(1_000).optional(),
  owner: printable(120).optional(),
  /** The flag is listed as stale after this time. */
  expiresAt: time.optional(),
  /** Flags that must serve these variants; otherwise this flag counts as disabled. */
  prerequisites: z
    .array(z.strictObject({ flag: flagKeySchema, variant: variantSchema }))
    .max(16)
    .optional(),
  schedule: z.array(scheduledChangeSchema).max(50).optional(),
});
export type FlagDefinition = z.infer<typeof flagDefinitionSchema>;

const revision = {
  /** Grows by one with every change, and continues when a deleted flag is created again. */
  version: z.int().min(1),
  updatedAt: z.iso.datetime(),
  updatedBy: z.string(),
};

export const flagSchema = flagDefinitionSchema.extend({ key: flagKeySchema, ...revision });
export type Flag = z.infer<typeof flagSchema>;

export const evaluatorSchema = z.object({ name: evaluatorNameSchema, rule: ruleSchema, ...revision });
export type Evaluator = z.infer<typeof evaluatorSchema>;

const setMetadataSchema = z.record(z.string().min(1).max(64), z.union([z.string().max(256), z.number(), z.boolean()]));

/** A flagd document. An import cannot set `metadata.version` and `metadata.bucketing`: the flag set provides them. */
export const flagSetDocumentSchema = z.strictObject({
  $schema: z.string().optional(),
  metadata: setMetadataSchema.optional(),
  flags: z.record(flagKeySchema, flagDefinitionSchema),
  $evaluators: z.record(evaluatorNameSchema, ruleSchema).optional(),
});
export type FlagSetDocument = z.infer<typeof flagSetDocumentSchema>;

export const overrideRequestSchema = z.strictObject({ variant: variantSchema, reason: reasonSchema });

export const overrideSchema = z.object({
  tenantId: tenantIdSchema,
  flagKey: flagKeySchema,
  variant: variantSchema,
  reason: z.string(),
  updatedAt: z.iso.datetime(),
  updatedBy: z.string().optional(),
});
export type Override = z.infer<typeof overrideSchema>;

/** The tenant attributes that rules see: always from the registry, even if a caller sends fields of the same names. */
export const tenantFactsSchema = z.object({
  tenantId: tenantIdSchema,
  slug: z.string(),
  tier: z.string(),
  isolation: z.enum(isolations),
  region: z.string(),
  status: z.enum(tenantStatuses),
  metadata: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
export type TenantFacts = z.infer<typeof tenantFactsSchema>;

const evaluationErrors = ['FLAG_NOT_FOUND', 'PARSE_ERROR', 'GENERAL'] as const;

/** One flag evaluated for one tenant. Without `value` the application's own default applies. */
export const evaluationSchema = z.object({
  key: z.string(),
  value: z.unknown().optional(),
  variant: z.string().optional(),
  reason: z.enum(['STATIC', 'TARGETING_MATCH', 'DEFAULT', 'DISABLED', 'ERROR']),
  errorCode: z.enum(evaluationErrors).optional(),
  errorDetails: z.string().optional(),
  metadata: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  /** Whether an override of this tenant determined the variant. */
  overridden: z.boolean(),
});
export type Evaluation = z.infer<typeof evaluationSchema>;
