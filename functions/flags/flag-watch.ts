import { setTimeout as delay } from 'node:timers/promises';
import { environment } from '#core/contract/platform/names.ts';
import { configEtag } from '#core/flags/flag-etags.ts';
import { setting } from '#stores/aws/environment.ts';
import { readFlagSetVersion } from '#stores/flags/flag-set.ts';
import { readTenantFlags, type TenantFlags } from '#stores/flags/tenant-flags.ts';

interface Snapshot {
  version: number;
  tenants: ReadonlyMap<string, TenantFlags>;
}

/** Tenant → the number of its open streams in this process. */
const watched = new Map<string, number>();
let last: Snapshot = { version: 0, tenants: new Map() };
let pending: Promise<Snapshot> | undefined;
let startedAt = Number.NEGATIVE_INFINITY;

const poll = async (): Promise<Snapshot> => {
  startedAt = performance.now();
  pending = undefined;
  const { tenants: known } = last;
  const [version, tenants] = await Promise.all([
    readFlagSetVersion(),
    readTenantFlags([...watched.keys()], (tenantId) => known.get(tenantId)),
  ]);
  last = { version, tenants };
  return last;
};

/** The next snapshot: one poll for all open streams, at most one per interval. */
const nextSnapshot = (): Promise<Snapshot> => {
  const waitMs = Math.max(0, startedAt + Number(setting(environment.flagEventsPollMs)) - performance.now());
  pending ??= delay(waitMs).then(poll);
  return pending;
};

const watch = (tenantId: string) => watched.set(tenantId, (watched.get(tenantId) ?? 0) + 1);
const unwatch = (tenantId: string) => {
  const open = (watched.get(tenantId) ?? 1) - 1;
  if (open > 0) watched.set(tenantId, open);
  else watched.delete(tenantId);
};

/** Yields the ETag of the tenant's configuration at once and after every change; ends when the tenant is not active. */
export async function* watchFlags(tenantId: string, signal: AbortSignal): AsyncGenerator<string, void> {
  watch(tenantId);
  try {
    let announced: string | undefined;
    while (!signal.aborted) {
      const { version, tenants } = await nextSnapshot();
      const found = tenants.get(tenantId);
      if (found?.tenant.status !== 'active') return;
      const etag = configEtag(version, found.digest);
      if (etag !== announced) yield etag;
      announced = etag;
    }
  } finally {
    unwatch(tenantId);
  }
}
