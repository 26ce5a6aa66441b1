import { count } from '#functions/shell/telemetry.ts';

/** Evaluations are logged once a second: a line each would cost more than the evaluation. */
const everyMs = 1_000;

/** Tenant → evaluations not yet logged. */
const unlogged = new Map<string, number>();
let loggedAt = 0;

/**
 * Counts flags evaluated for a tenant, and logs the counts so far when the last line is a second old: a copy of a
 * function does nothing between its calls. What a copy counted in its last second is lost with it.
 */
export const countEvaluations = (tenantId: string, evaluations: number) => {
  const now = performance.now();
  if (now - loggedAt >= everyMs) {
    for (const [tenant, times] of unlogged) count('flagEvaluations', times, { tenant });
    unlogged.clear();
    loggedAt = now;
  }
  unlogged.set(tenantId, (unlogged.get(tenantId) ?? 0) + evaluations);
};
