import { AppError } from '#core/contract/errors.ts';
import { readOverrides } from '#stores/flag-overrides.ts';
import { readTenantSecret } from '#stores/secret-vault.ts';
import { probeTenant } from '#stores/shard/probe-tenant.ts';
import { readShard } from '#stores/shard-catalogue.ts';
import { onboardingStep, type StepContext, type StepResult } from './onboarding-step.ts';
import { placementOf } from './placement-of.ts';

/** Tries the tenant from end to end as the tenant itself: its secret, its rows, its flags, its audit stream. */
export const healthCheck = async ({ tenant, head }: StepContext): Promise<StepResult> => {
  const { tenantId } = tenant;
  const { shardId, namespace } = placementOf(tenant);
  const [{ endpoint }, { password }, overrides] = await Promise.all([
    readShard(shardId),
    readTenantSecret(tenantId),
    readOverrides(tenantId),
  ]);
  await probeTenant(endpoint, { tenantId, password, namespace });
  if (overrides.length !== Object.keys(tenant.requestedFlags).length) {
    throw new AppError(
      'health_check_failed',
      `The tenant has ${overrides.length} flag overrides, not those asked for.`,
    );
  }
  if (!head) throw new AppError('health_check_failed', 'The tenant has no audit stream.');
  const target = { type: 'tenant', id: tenantId };
  return {
    audit: [{ action: 'health.checked', target, after: { database: 'passed', flags: 'passed', audit: 'passed' } }],
  };
};

export const handler = onboardingStep('health-check', healthCheck);
