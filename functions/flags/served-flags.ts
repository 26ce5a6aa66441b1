import { assertTenantInService } from '#core/access/in-service.ts';
import { AppError } from '#core/contract/api/errors.ts';
import type { TenantFacts } from '#core/contract/model/flags.ts';
import type { CompiledFlagSet } from '#core/flags/compile-flag-set.ts';
import { factsOf, type Overrides } from '#core/flags/evaluate-flags.ts';
import { configEtag } from '#core/flags/flag-etags.ts';
import { TtlCache } from '#stores/aws/ttl-cache.ts';
import { readFlagSet } from '#stores/flags/flag-set.ts';
import { readTenantFlags, type TenantFlags } from '#stores/flags/tenant-flags.ts';

/** Everything the evaluations of one request depend on. */
export interface ServedFlags {
  flags: CompiledFlagSet;
  facts: TenantFacts;
  overrides: Overrides;
  /** Names this configuration; every change that may change a value changes it. */
  etag: string;
}

/** A change takes effect within this time, also for callers that no event told of it. */
const ttlMs = 1_000;
const flagSets = new TtlCache<CompiledFlagSet>({ ttlMs, maxKeys: 1 });
const tenantFlags = new TtlCache<TenantFlags | undefined>({ ttlMs, maxKeys: 10_000 });

interface Snapshot {
  flags: CompiledFlagSet;
  tenant: TenantFlags | undefined;
}

/**
 * The flag set and the tenant's facts and overrides, at most a second old. `announced` is the configuration that an
 * event announced to the caller: if another one is cached, both are read again. Throws `tenant_suspended` or
 * `not_allowed` for a tenant that is not active.
 */
export const servedFlags = async (tenantId: string, announced?: string): Promise<ServedFlags> => {
  const cached = await read(tenantId, 'get');
  if (announced === undefined || etagOf(cached) === announced) return serve(cached);
  return serve(await read(tenantId, 'refresh'));
};

const read = async (tenantId: string, how: 'get' | 'refresh'): Promise<Snapshot> => {
  const [flags, tenant] = await Promise.all([
    flagSets[how]('flagset', readFlagSet),
    tenantFlags[how](tenantId, async (cached) => (await readTenantFlags([tenantId], () => cached)).get(tenantId)),
  ]);
  return { flags, tenant };
};

const etagOf = ({ flags, tenant }: Snapshot) => tenant && configEtag(flags.set.version, tenant.digest);

const serve = ({ flags, tenant }: Snapshot): ServedFlags => {
  if (tenant?.tenant.status === 'active') {
    const etag = configEtag(flags.set.version, tenant.digest);
    return { flags, facts: factsOf(tenant.tenant), overrides: tenant.overrides, etag };
  }
  assertTenantInService(tenant?.tenant);
  throw new AppError('not_allowed', 'The tenant of this token is not active.');
};
