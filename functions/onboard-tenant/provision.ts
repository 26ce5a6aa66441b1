import { config } from '#config';
import { AppError } from '#core/contract/api/errors.ts';
import { claimPlace, provisionedKinds } from '#core/onboard-tenant/claim-place.ts';
import { rotationDaysOf } from '#core/secrets/rotate-secret.ts';
import { candidateShards, noCapacity } from '#core/shards/place-tenant.ts';
import type { OperationRecord, TenantRecord } from '#core/tenant/tenant-record.ts';
import { onboardingStep, type StepContext, type StepResult } from '#functions/operation/onboarding-step.ts';
import { undoResources } from '#functions/operation/undo-resources.ts';
import { placedTenant } from '#functions/shards/placed-tenant.ts';
import { readShards } from '#stores/registry/shards.ts';
import { createTenantSecretIfAbsent, guardTenantSecret } from '#stores/secrets/database-secrets.ts';
import { scheduleRotation } from '#stores/secrets/rotation.ts';
import { createTenant } from '#stores/tenant-database.ts';

/** Claims a place on a shard, then creates the tenant's secret and its database there. */
export const provision = async (context: StepContext): Promise<StepResult> => {
  const { tenant, operation } = context.tenant.placement ? context : await claim(context);
  const { tenantId, slug, tier } = tenant;
  const placed = placedTenant(tenant);
  context.ifOvertaken(() => undoResources(provisionedKinds(tenant).toReversed(), tenant));
  const { password } = await createTenantSecretIfAbsent(tenantId, { slug, tier });
  await guardTenantSecret(tenantId);
  await createTenant(placed, password);
  // Once the login is there: Secrets Manager tries it when it is told how to rotate.
  await scheduleRotation(tenantId, rotationDaysOf(config, tier));
  const target = { type: 'tenant', id: tenantId };
  return {
    operation,
    audit: [
      { action: 'secret.created', target },
      { action: 'tenant.provisioned', target, after: { placement: placed.placement, made: provisionedKinds(tenant) } },
    ],
  };
};

/** Takes the first shard that still has room when the claim is committed. */
const claim = async ({
  tenant,
  operation,
  deps,
  commitNow,
}: StepContext): Promise<{ tenant: TenantRecord; operation: OperationRecord }> => {
  for (const shard of candidateShards(await readShards(), tenant)) {
    const { change, ...claimed } = claimPlace(tenant, operation, shard, deps.now());
    try {
      await commitNow(change);
      return claimed;
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'no_capacity')) throw error;
    }
  }
  throw noCapacity(tenant);
};

export const handler = onboardingStep('provision', provision);
