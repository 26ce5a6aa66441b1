import * as z from 'zod';

/** How often a caller may call: `burst` requests at once, and `requestsPerSecond` in the long run. */
export const limitsSchema = z.strictObject({
  requestsPerSecond: z.number().min(0.1).max(100_000),
  burst: z.int().min(1).max(1_000_000),
});
export type Limits = z.infer<typeof limitsSchema>;

/**
 * What the API takes from all callers together: an AWS account's own default for one region, so that the limits of the
 * tenants decide, and not this one.
 */
export const stageLimits: Limits = { requestsPerSecond: 10_000, burst: 5_000 };

/** What each public route takes: who has no token has no limit of their own, and must not run up a bill. */
export const publicRouteLimits: Limits = { requestsPerSecond: 200, burst: 400 };
