import { count } from '#functions/shell/telemetry.ts';

/** Evaluations are told once a second: a line each would cost more than the evaluation. */
const everyMs = 1_000;

/** Tenant → evaluations not yet told. */
const untold = new Map<string, number>();
let toldAt = 0;

/**
 * Counts flags evaluated for a tenant, and tells what was counted before if that is a second ago: a copy of a function
 * does nothing between its calls. What a copy counted in its last second is lost with it.
 */
export const countEvaluations = (tenantId: string, evaluations: number) => {
  const now = Date.now();
  if (now - toldAt >= everyMs) {
    for (const [tenant, times] of untold) count('flagEvaluations', times, { tenant });
    untold.clear();
    toldAt = now;
  }
  untold.set(tenantId, (untold.get(tenantId) ?? 0) + evaluations);
};
