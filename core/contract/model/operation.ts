import * as z from 'zod';
import { failureSchema, tenantIdSchema } from './tenant.ts';

/** The steps of onboarding in their order: each is a state of the workflow and a function of the same name. */
export const onboardingSteps = [
  'provision',
  'seed-schema',
  'load-flags',
  'bind-access',
  'health-check',
  'activate',
] as const;
export type OnboardingStep = (typeof onboardingSteps)[number];

const operationKinds = ['onboard'] as const;
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
  /** What the step found out, where there is more to tell than that it is done. */
  result: z.record(z.string(), z.unknown()).optional(),
});
export type Step = z.infer<typeof stepSchema>;

export const operationSchema = z.object({
  id: operationIdSchema,
  kind: z.enum(operationKinds),
  tenantId: tenantIdSchema,
  status: z.enum(operationStatuses),
  steps: z.array(stepSchema),
  failure: failureSchema.optional(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().optional(),
});
export type Operation = z.infer<typeof operationSchema>;
