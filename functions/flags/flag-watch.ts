import { setTimeout as delay } from 'node:timers/promises';
import { environment } from '#core/contract/platform/names.ts';
import { configEtag } from '#core/flags/flag-etags.ts';
import { setting } from '#stores/aws/environment.ts';
import { readFlagSetVersion } from '#stores/flags/flag-set.ts';
import { readTenantFlags, type TenantFlags } from '#stores/flags/tenant-flags.ts';

interface Look {
  version: number;
  tenants: ReadonlyMap<string, TenantFlags>;
}

/** Tenant → how many streams of this process are open for it. */
const watched = new Map<string, number>();
let last: Look = { version: 0, tenants: new Map() };
let coming: Promise<Look> | undefined;
let begunAt = Number.NEGATIVE_INFINITY;

const look = async (): Promise<Look> => {
  begunAt = performance.now();
  coming = undefined;
  const { tenants: known } = last;
  const [version, tenants] = await Promise.all([
    readFlagSetVersion(),
    readTenantFlags([...watched.keys()], (tenantId) => known.get(tenantId)),
  ]);
  last = { version, tenants };
  return last;
};

/** The next look at what all open streams watch: one for all of them, at most one in every interval. */
const nextLook = (): Promise<Look> => {
  const waitMs = Math.max(0, begunAt + Number(setting(environment.flagEventsPollMs)) - performance.now());
  coming ??= delay(waitMs).then(look);
  return coming;
};

const watch = (tenantId: string) => watched.set(tenantId, (watched.get(tenantId) ?? 0) + 1);
const unwatch = (tenantId: string) => {
  const open = (watched.get(tenantId) ?? 1) - 1;
  if (open > 0) watched.set(tenantId, open);
  else watched.delete(tenantId);
};

/** The name of the tenant's configuration at once, and again whenever it changes; ends with the tenant's service. */
export async function* watchFlags(tenantId: string, signal: AbortSignal): AsyncGenerator<string, void> {
  watch(tenantId);
  try {
    let told: string | undefined;
    while (!signal.aborted) {
      const { version, tenants } = await nextLook();
      const found = tenants.get(tenantId);
      if (found?.tenant.status !== 'active') return;
      const etag = configEtag(version, found.digest);
      if (etag !== told) yield etag;
      told = etag;
    }
  } finally {
    unwatch(tenantId);
  }
}
