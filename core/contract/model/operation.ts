import * as z from 'zod';
import { operationKindNames, subjectTypes } from '#core/operation/kinds.ts';
import { failureSchema, tenantIdSchema } from './tenant.ts';

export const operationStatuses = ['running', 'succeeded', 'failed', 'rolled-back', 'rollback-failed'] as const;
export type OperationStatus = (typeof operationStatuses)[number];
const stepStatuses = ['pending', 'running', 'succeeded', 'failed', 'undone', 'skipped'] as const;

export const operationIdSchema = z.string().regex(/^op_[0-7][0-9a-hjkmnp-tv-z]{25}$/, 'must be an operation id (op_…)');

export const stepSchema = z.object({
  name: z.string(),
  status: z.enum(stepStatuses),
  startedAt: z.iso.datetime().optional(),
  endedAt: z.iso.datetime().optional(),
  /** How often the step's function was called, retries included. */
  attempts: z.int().min(0),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
  /** What the step found, if there is more than its status. */
  result: z.record(z.string(), z.unknown()).optional(),
});
export type Step = z.infer<typeof stepSchema>;

/** The object of the operation; the only id of type `flagset` is `flagset`. */
export const subjectSchema = z.object({ type: z.enum(subjectTypes), id: z.string() });
export type Subject = z.infer<typeof subjectSchema>;
export const flagSetSubject: Subject = { type: 'flagset', id: 'flagset' };

export const progressSchema = z.object({
  done: z.int().min(0),
  /** Absent until it is known. */
  total: z.int().min(0).optional(),
  unit: z.string(),
});
export type Progress = z.infer<typeof progressSchema>;

export const operationSchema = z.object({
  id: operationIdSchema,
  kind: z.enum(operationKindNames),
  subject: subjectSchema,
  /** Set if the subject is a tenant. */
  tenantId: tenantIdSchema.optional(),
  status: z.enum(operationStatuses),
  steps: z.array(stepSchema),
  progress: progressSchema.optional(),
  /** The reason given with the request. */
  reason: z.string().optional(),
  /** Fields that only this kind has, such as the version of the flag set. */
  details: z.record(z.string(), z.unknown()).optional(),
  failure: failureSchema.optional(),
  /** The number of restarts after a failure; absent if none. */
  restarts: z.int().min(1).optional(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().optional(),
});
export type Operation = z.infer<typeof operationSchema>;
