import * as z from 'zod';

/** A caller's rate limit: a token bucket of `burst` requests, refilled at `requestsPerSecond`. */
export const limitsSchema = z.strictObject({
  requestsPerSecond: z.number().min(0.1).max(100_000),
  burst: z.int().min(1).max(1_000_000),
});
export type Limits = z.infer<typeof limitsSchema>;

/**
 * The limit over all callers of the API together: the default quota of an AWS account in one region, so that tenants
 * reach their own limits first.
 */
export const stageLimits: Limits = { requestsPerSecond: 10_000, burst: 5_000 };

/** The limit of each public route: callers without a token have no limit of their own, and must not run up costs. */
export const publicRouteLimits: Limits = { requestsPerSecond: 200, burst: 400 };
