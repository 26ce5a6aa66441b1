import { fleetHours } from '#core/contract/model/fleet.ts';
import { summariseFleet } from '#core/fleet/summarise-fleet.ts';
import { firstIdAt } from '#core/type-id.ts';
import { deps } from '#functions/deps.ts';
import { http } from '#functions/shell/http.ts';
import { Recent } from '#stores/aws/recent.ts';
import { countedTenants, operationsSince } from '#stores/registry/fleet.ts';

/** A page asks for the fleet again and again: it is counted once in so many ms for all callers together. */
const fleet = new Recent(5_000, async () => {
  const now = deps.now();
  const sinceMs = Date.parse(now) - fleetHours * 3_600_000;
  const [tenants, operations] = await Promise.all([countedTenants(), operationsSince(firstIdAt('op', sinceMs))]);
  return summariseFleet({ tenants, operations, since: new Date(sinceMs).toISOString(), now });
});

export const handler = http('fleet-api', {
  getFleet: async () => ({ body: await fleet.get() }),
});
