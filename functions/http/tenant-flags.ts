import { contextOf, evaluateFlags, factsOf } from '#core/flags/evaluate-flags.ts';
import { overridesOf } from '#core/flags/override.ts';
import { http } from '#functions/shell/http.ts';
import { readFlagSet } from '#stores/flags/flag-set.ts';
import { readOverrides } from '#stores/flags/overrides.ts';
import { reachableTenant } from './reachable-tenant.ts';

export const handler = http('tenant-flags-api', {
  listTenantFlags: async (call) => {
    const tenant = await reachableTenant(call);
    const [compiled, overrides] = await Promise.all([readFlagSet(), readOverrides(tenant.tenantId)]);
    return { body: { items: evaluateFlags(compiled, overridesOf(overrides), contextOf(factsOf(tenant))) } };
  },
});
