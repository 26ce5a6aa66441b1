import * as z from 'zod';
import { printable, tenantIdSchema, tenantStatuses } from './tenant.ts';
import { isolations } from './tiers.ts';

/** A name that no plain object has already, such as `constructor`: flags and evaluators are looked up by it. */
const ownName = (what: string) =>
  z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9._-]{0,63}$/, `must be ${what}: at most 64 letters, digits, ".", "_", "-"`)
    .refine((name) => !(name in Object.prototype), 'must not be a name that every object has');

export const flagKeySchema = ownName('a flag key');
export const evaluatorNameSchema = ownName('the name of an evaluator');
const variantSchema = printable(64);
export const reasonSchema = printable(500);
const time = z.iso.datetime({ offset: true });

/** A rule in JsonLogic with flagd's operators: `core/flags/` judges what is in it. */
export const ruleSchema = z.record(z.string(), z.unknown());
export type Rule = z.infer<typeof ruleSchema>;

const flagStates = ['ENABLED', 'DISABLED'] as const;

/** What a scheduled change sets; `percent` moves the first share of the rule's one `fractional`. */
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
    message: 'must not stand beside targeting, which it would change',
  });
export type ScheduledChange = z.infer<typeof scheduledChangeSchema>;

/** The largest definition, as JSON: before and after of a change fit into one event of the bus, which takes 256 KB. */
export const maxDefinitionBytes = 65_536;

/** flagd's flag format, and beside it what flagd does not know: who owns the flag, until when, after what. */
export const flagDefinitionSchema = z.strictObject({
  state: z.enum(flagStates),
  variants: z
    .record(variantSchema, z.unknown())
    .refine((variants) => Object.keys(variants).length <= 100, 'must hold at most 100 variants'),
  /** Absent or null: the application's own default applies. */
  defaultVariant: variantSchema.nullable().optional(),
  targeting: ruleSchema.optional(),
  /** `approval: "required"`: a change waits until another platform administrator approves it. */
  metadata: z.record(z.string().min(1).max(64), z.union([z.string().max(256), z.number(), z.boolean()])).optional(),
  description: z.string().max(1_000).optional(),
  owner: printable(120).optional(),
  /** After it the flag is listed as stale. */
  expiresAt: time.optional(),
  /** Flags that must give these variants, or else this flag counts as disabled. */
  prerequisites: z
    .array(z.strictObject({ flag: flagKeySchema, variant: variantSchema }))
    .max(16)
    .optional(),
  schedule: z.array(scheduledChangeSchema).max(50).optional(),
});
export type FlagDefinition = z.infer<typeof flagDefinitionSchema>;

const revision = {
  /** Grows by one with every change, and goes on where it was when a deleted flag is made again. */
  version: z.int().min(1),
  updatedAt: z.iso.datetime(),
  updatedBy: z.string(),
};

export const flagSchema = flagDefinitionSchema.extend({ key: flagKeySchema, ...revision });
export type Flag = z.infer<typeof flagSchema>;

export const evaluatorSchema = z.object({ name: evaluatorNameSchema, rule: ruleSchema, ...revision });
export type Evaluator = z.infer<typeof evaluatorSchema>;

const setMetadataSchema = z.record(z.string().min(1).max(64), z.union([z.string().max(256), z.number(), z.boolean()]));

/** A flagd document. `metadata.version` and `metadata.bucketing` are the set's own, whatever an import says. */
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

/** What a rule sees of a tenant: from the registry, whatever a caller sends under the same names. */
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

/** One flag for one tenant. Without `value` the application's own default applies. */
export const evaluationSchema = z.object({
  key: z.string(),
  value: z.unknown().optional(),
  variant: z.string().optional(),
  reason: z.enum(['STATIC', 'TARGETING_MATCH', 'DEFAULT', 'DISABLED', 'ERROR']),
  errorCode: z.enum(evaluationErrors).optional(),
  errorDetails: z.string().optional(),
  metadata: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  /** Whether an override of this tenant decided. */
  overridden: z.boolean(),
});
export type Evaluation = z.infer<typeof evaluationSchema>;
