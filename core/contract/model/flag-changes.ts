import * as z from 'zod';
import { actorSchema } from '#core/contract/events/catalogue.ts';
import { evaluatorSchema, flagSchema } from './flags.ts';
import { operationIdSchema } from './operation.ts';
import { tenantIdSchema } from './tenant.ts';

/** What an answer to a change tells besides: the operation that carries it to the tenants, if anything changed. */
const carried = { operationId: operationIdSchema.optional() };
export const changedFlagSchema = flagSchema.extend(carried);
export const changedEvaluatorSchema = evaluatorSchema.extend(carried);
export const deletedSchema = z.object({ name: z.string(), version: z.int(), ...carried });

const servedSchema = z.object({ variant: z.string().nullable(), value: z.unknown() });

/** One flag of one tenant that a change gives another value; `null` is the application's own default. */
export const flipSchema = z.object({
  tenantId: tenantIdSchema,
  slug: z.string(),
  flagKey: z.string(),
  from: servedSchema,
  to: servedSchema,
});
export type Flip = z.infer<typeof flipSchema>;

/** Every flip of a change, also of flags that depend on what is changed; `tenants` counts whom they touch. */
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
  ...carried,
  /** Of a dry run. */
  preview: previewSchema.optional(),
});

/** Why a flag could go: its day has passed, or every tenant has been given the same for long. */
export const stalenessSchema = z.object({
  reason: z.enum(['expired', 'one-variant']),
  since: z.iso.datetime({ offset: true }),
  variant: z.string().nullable().optional(),
});
export type Staleness = z.infer<typeof stalenessSchema>;

/** How many tenants are given a variant; `null` is the application's own default. */
export const variantCountSchema = z.object({ variant: z.string().nullable(), tenants: z.int().min(1) });
export type VariantCount = z.infer<typeof variantCountSchema>;

/** A flag as it was after one change; without a definition it was deleted. */
export const flagVersionSchema = z.object({
  version: z.int().min(1),
  definition: z.record(z.string(), z.unknown()).optional(),
  time: z.iso.datetime(),
  actor: actorSchema,
  reason: z.string().optional(),
});

export type FlagVersion = z.infer<typeof flagVersionSchema>;

export const proposalStatuses = ['waiting', 'approved', 'rejected'] as const;

/** A change that waits for a second administrator: to a flag or an evaluator, `null` to delete it. */
export const proposalSchema = z.object({
  proposalId: z.string(),
  status: z.enum(proposalStatuses),
  target: z.object({ type: z.enum(['flag', 'evaluator']), name: z.string() }),
  definition: z.record(z.string(), z.unknown()).nullable(),
  /** The version it was made for: once that has changed, it can no longer be approved. */
  basedOn: z.int().min(0),
  reason: z.string().optional(),
  proposedBy: z.string(),
  proposedAt: z.iso.datetime(),
  decidedBy: z.string().optional(),
  decidedAt: z.iso.datetime().optional(),
});
export type Proposal = z.infer<typeof proposalSchema>;
