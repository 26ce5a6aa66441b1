import { notFound } from '#core/contract/api/errors.ts';
import type { Override } from '#core/contract/model/flags.ts';
import { removeOverride, setOverride } from '#core/flags/override.ts';
import { deps } from '#functions/deps.ts';
import { reachableTenant } from '#functions/http/reachable-tenant.ts';
import type { Operations } from '#functions/shell/http.ts';
import { readFlagSet } from '#stores/flags/flag-set.ts';
import { findOverride, listOverrides } from '#stores/flags/overrides.ts';
import { commit, isOutdated } from '#stores/registry/commit.ts';
import { retryOnConflict } from '#stores/retry-on-conflict.ts';
import { flagIn } from './flag-in.ts';

export const overrides = {
  listFlagOverrides: async ({ params, query: { limit, cursor } }) => {
    const key = params['key'] ?? '';
    flagIn((await readFlagSet()).set, key);
    return { body: await listOverrides(key, limit, cursor) };
  },

  putOverride: async (call) => {
    const key = call.params['key'] ?? '';
    const { tenantId } = await reachableTenant(call);
    const by = { updatedAt: deps.now(), updatedBy: call.cause.actor.id };
    const override: Override = { tenantId, flagKey: key, ...call.body, ...by };
    await retryOnConflict({ isConflict: isOutdated }, async () => {
      const [{ set }, before] = await Promise.all([readFlagSet(), findOverride(tenantId, key)]);
      flagIn(set, key);
      await commit({ ...setOverride(set, before, override), cause: call.cause });
    });
    return { body: override };
  },

  deleteOverride: async (call) => {
    const key = call.params['key'] ?? '';
    const { tenantId } = await reachableTenant(call);
    const before = await findOverride(tenantId, key);
    if (!before) throw notFound();
    await commit({ ...removeOverride(before, call.query.reason), cause: call.cause });
    return { body: { tenantId, flagKey: key } };
  },
} satisfies Operations;
