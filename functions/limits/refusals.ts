import type { Principal } from '#core/access/principal.ts';
import { count } from '#functions/shell/telemetry.ts';

/** Refused requests are told once a second: a flood must cost neither a line nor a metric each. */
const everyMs = 1_000;

/** Dimension and its value → requests refused and not yet told. */
const untold = new Map<string, { by: Record<string, string>; times: number }>();
let toldAt = 0;

/** Counts a refused request, by its tenant, or by its role where it has none. */
export const countRefusal = ({ tenantId, role }: Principal) => {
  const name = tenantId ?? role;
  const { times = 0 } = untold.get(name) ?? {};
  untold.set(name, { by: tenantId === undefined ? { role } : { tenant: tenantId }, times: times + 1 });
};

/** Tells what was refused. To be called with every request, since a copy of a function does nothing in between. */
export const tellRefusals = (now: number) => {
  if (untold.size === 0 || now - toldAt < everyMs) return;
  for (const { by, times } of untold.values()) count('requestsRefused', times, by);
  untold.clear();
  toldAt = now;
};
