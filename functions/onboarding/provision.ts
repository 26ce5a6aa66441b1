import { config } from '#config';
import { AppError } from '#core/contract/errors.ts';
import { claimPlace, provisionedKinds } from '#core/placement/claim-place.ts';
import { candidateShards, noCapacity } from '#core/placement/place-tenant.ts';
import { rotationDaysOf } from '#core/secret/rotate-secret.ts';
import type { OperationRecord, TenantRecord } from '#core/tenant/tenant-record.ts';
import { scheduleRotation } from '#stores/secret-rotation.ts';
import { guardTenantSecret, keepTenantSecret } from '#stores/secret-vault.ts';
import { createNamespace } from '#stores/shard/namespaces.ts';
import { createTenantRole } from '#stores/shard/roles.ts';
import { newPassword } from '#stores/shard/scram.ts';
import { openShard } from '#stores/shard-access.ts';
import { readShards } from '#stores/shard-catalogue.ts';
import { onboardingStep, type StepContext, type StepResult } from './onboarding-step.ts';
import { placementOf } from './placement-of.ts';
import { undoResources } from './undo-resources.ts';

/** Claims a place on a shard, then makes the tenant's secret, its database role and, beyond the pool, its namespace. */
export const provision = async (context: StepContext): Promise<StepResult> => {
  const { tenant, operation } = context.tenant.placement ? context : await claim(context);
  const { tenantId, slug, tier } = tenant;
  const placement = placementOf(tenant);
  context.ifOvertaken(() => undoResources(provisionedKinds(tenant).toReversed(), tenant));
  const shard = await openShard(placement.shardId);
  const { password } = await keepTenantSecret(tenantId, newPassword(), { slug, tier });
  await guardTenantSecret(tenantId);
  await createTenantRole(shard, { tenantId, password, namespace: placement.namespace });
  await createNamespace(shard, placement.namespace);
  // Once the login is there: the vault tries it when it is told how to rotate.
  await scheduleRotation(tenantId, rotationDaysOf(config, tier));
  const target = { type: 'tenant', id: tenantId };
  return {
    operation,
    audit: [
      { action: 'secret.created', target },
      { action: 'tenant.provisioned', target, after: { placement, made: provisionedKinds(tenant) } },
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
