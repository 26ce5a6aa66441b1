import * as z from 'zod';
import { operationKindNames } from '#core/operation/kinds.ts';
import { tenantStatuses } from './tenant.ts';

/** The window, in hours, in which operations are counted. */
export const fleetHours = 24;

const counts = z.record(z.string(), z.int().min(0));

/** Counts by outcome; `p50Ms` and `p95Ms` are durations of the operations that succeeded. */
const outcomes = {
  running: z.int().min(0),
  succeeded: z.int().min(0),
  failed: z.int().min(0),
  rolledBack: z.int().min(0),
  rollbackFailed: z.int().min(0),
  p50Ms: z.int().min(0).optional(),
  p95Ms: z.int().min(0).optional(),
  failures: z.array(z.object({ step: z.string(), code: z.string(), count: z.int().min(1) })),
};

/** Figures over all tenants, at most a few seconds old. */
export const fleetSchema = z.object({
  asOf: z.iso.datetime(),
  tenants: z.int().min(0),
  byStatus: z.partialRecord(z.enum(tenantStatuses), z.int().min(0)),
  byTier: counts,
  byRegion: counts,
  byShard: counts,
  /** Onboardings started since then. */
  onboardings: z.object({ since: z.iso.datetime(), ...outcomes }),
  /** Operations started since then, by kind; kinds without any are left out. */
  operations: z.array(z.object({ kind: z.enum(operationKindNames), ...outcomes })),
});
export type Fleet = z.infer<typeof fleetSchema>;
