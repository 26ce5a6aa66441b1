import { AppError } from '#core/contract/api/errors.ts';
import { contextOf, evaluateFlags, factsOf } from '#core/flags/evaluate-flags.ts';
import { overridesOf } from '#core/flags/override.ts';
import type { TenantRecord } from '#core/tenant/tenant-record.ts';
import { type StepContext, type StepResult, tenantStep } from '#functions/operation/step.ts';
import { placedTenant } from '#functions/shards/placed-tenant.ts';
import { readFlagSet } from '#stores/flags/flag-set.ts';
import { readOverrides } from '#stores/flags/overrides.ts';
import { readTenantSecret } from '#stores/secrets/database-secrets.ts';
import { probe } from '#stores/tenant-database.ts';

/** Tries the tenant from end to end as the tenant itself: its secret, its rows, its flags, its audit stream. */
export const healthCheck = async ({ tenant, head }: StepContext): Promise<StepResult> => {
  const { tenantId } = tenant;
  const [{ password }] = await Promise.all([readTenantSecret(tenantId), checkFlags(tenant)]);
  await probe(placedTenant(tenant), password);
  if (!head) throw new AppError('health_check_failed', 'The tenant has no audit stream.');
  const target = { type: 'tenant', id: tenantId };
  return {
    audit: [{ action: 'health.checked', target, after: { database: 'passed', flags: 'passed', audit: 'passed' } }],
  };
};

/** What was asked for decides, unless the flag is disabled, not defined yet, or waits for a prerequisite. */
const checkFlags = async (tenant: TenantRecord) => {
  const [compiled, overrides] = await Promise.all([readFlagSet(), readOverrides(tenant.tenantId)]);
  const asked = Object.keys(tenant.requestedFlags).filter((flagKey) => compiled.flags.has(flagKey));
  const given = evaluateFlags(compiled, overridesOf(overrides), contextOf(factsOf(tenant)), asked);
  const lost = given.filter(({ overridden, reason }) => !overridden && reason !== 'DISABLED').map(({ key }) => key);
  if (lost.length > 0) {
    throw new AppError('health_check_failed', `The tenant is not given the flags asked for: ${lost.join(', ')}.`);
  }
};

export const handler = tenantStep('health-check', healthCheck);
