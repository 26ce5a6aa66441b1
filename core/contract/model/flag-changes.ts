import * as z from 'zod';
import { actorSchema } from '#core/contract/events/catalogue.ts';
import { evaluatorSchema, flagSchema } from './flags.ts';
import { operationIdSchema } from './operation.ts';
import { tenantIdSchema } from './tenant.ts';

/** The operation that propagates a change to the tenants; absent if nothing changed. */
const operationRef = { operationId: operationIdSchema.optional() };
export const changedFlagSchema = flagSchema.extend(operationRef);
export const changedEvaluatorSchema = evaluatorSchema.extend(operationRef);
export const deletedSchema = z.object({ name: z.string(), version: z.int(), ...operationRef });

const servedSchema = z.object({ variant: z.string().nullable(), value: z.unknown() });

/** A flag whose value changes for one tenant; `null` is the application's own default. */
export const flipSchema = z.object({
  tenantId: tenantIdSchema,
  slug: z.string(),
  flagKey: z.string(),
  from: servedSchema,
  to: servedSchema,
});
export type Flip = z.infer<typeof flipSchema>;

/** Every flip that a change causes, including flips of dependent flags; `tenants` counts the affected tenants. */
export const previewSchema = z.object({
  count: z.int().min(0),
  tenants: z.int().min(0),
  flips: z.array(flipSchema),
  nextCursor: z.string().optional(),
});
export type Preview = z.infer<typeof previewSchema>;

const namesChanged = z.object({
  created: z.array(z.string()),
  changed: z.array(z.string()),
  deleted: z.array(z.string()),
});
export const importAnswerSchema = z.object({
  version: z.int().min(0),
  flags: namesChanged,
  evaluators: namesChanged,
  ...operationRef,
  /** Only for a dry run. */
  preview: previewSchema.optional(),
});

/** Why a flag can be removed: it has expired, or it has served every tenant the same variant for long. */
export const stalenessSchema = z.object({
  reason: z.enum(['expired', 'one-variant']),
  since: z.iso.datetime({ offset: true }),
  variant: z.string().nullable().optional(),
});
export type Staleness = z.infer<typeof stalenessSchema>;

/** The number of tenants served a variant; `null` is the application's own default. */
export const variantCountSchema = z.object({ variant: z.string().nullable(), tenants: z.int().min(1) });
export type VariantCount = z.infer<typeof variantCountSchema>;

/** A flag after one change; a version without a definition is a deletion. */
export const flagVersionSchema = z.object({
  version: z.int().min(1),
  definition: z.record(z.string(), z.unknown()).optional(),
  time: z.iso.datetime(),
  actor: actorSchema,
  reason: z.string().optional(),
});

export type FlagVersion = z.infer<typeof flagVersionSchema>;

export const proposalStatuses = ['waiting', 'approved', 'rejected'] as const;

/** A change to a flag or an evaluator that awaits approval; `null` deletes it. */
export const proposalSchema = z.object({
  proposalId: z.string(),
  status: z.enum(proposalStatuses),
  target: z.object({ type: z.enum(['flag', 'evaluator']), name: z.string() }),
  definition: z.record(z.string(), z.unknown()).nullable(),
  /** The version it was proposed for: once that has changed, the proposal can no longer be approved. */
  basedOn: z.int().min(0),
  reason: z.string().optional(),
  proposedBy: z.string(),
  proposedAt: z.iso.datetime(),
  decidedBy: z.string().optional(),
  decidedAt: z.iso.datetime().optional(),
});
export type Proposal = z.infer<typeof proposalSchema>;
