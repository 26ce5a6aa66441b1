import { type Fleet, fleetHours } from '#core/contract/model/fleet.ts';
import { summariseFleet } from '#core/fleet/summarise-fleet.ts';
import { firstIdAt } from '#core/type-id.ts';
import { deps } from '#functions/deps.ts';
import { http } from '#functions/shell/http.ts';
import { TtlCache } from '#stores/aws/ttl-cache.ts';
import { countedTenants, operationsSince } from '#stores/registry/fleet.ts';

/** Pages poll the fleet, and a count reads all of it: callers share one count every five seconds. */
const fleets = new TtlCache<Fleet>({ ttlMs: 5_000, maxKeys: 1 });

const countFleet = async (): Promise<Fleet> => {
  const now = deps.now();
  const sinceMs = Date.parse(now) - fleetHours * 3_600_000;
  const [tenants, operations] = await Promise.all([countedTenants(), operationsSince(firstIdAt('op', sinceMs))]);
  return summariseFleet({ tenants, operations, since: new Date(sinceMs).toISOString(), now });
};

export const handler = http('fleet-api', {
  getFleet: async () => ({ body: await fleets.get('fleet', countFleet) }),
});
