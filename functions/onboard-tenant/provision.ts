import { config } from '#config';
import { AppError } from '#core/contract/api/errors.ts';
import { claimPlace, provisionedKinds } from '#core/onboard-tenant/claim-place.ts';
import { releasePlace } from '#core/onboard-tenant/release-place.ts';
import { placeOf } from '#core/operation/ledger.ts';
import type { OperationRecord } from '#core/operation/operation.ts';
import { rotationDaysOf } from '#core/secrets/rotate-secret.ts';
import { deleteSecretRecord } from '#core/secrets/secret-record.ts';
import { candidateShards, noCapacity } from '#core/shards/place-tenant.ts';
import type { TenantRecord } from '#core/tenant/tenant-record.ts';
import type { Compensation } from '#functions/operation/compensation.ts';
import { type StepContext, type StepResult, tenantStep } from '#functions/operation/step.ts';
import { placedTenant } from '#functions/shards/placed-tenant.ts';
import { readShards } from '#stores/registry/shards.ts';
import { createTenantSecretIfAbsent, deleteTenantSecret, guardTenantSecret } from '#stores/secrets/database-secrets.ts';
import { scheduleRotation } from '#stores/secrets/rotation.ts';
import { createTenant, dropData, dropLogin, type PlacedTenant } from '#stores/tenant-database.ts';

/** Claims a place on a shard, then creates the tenant's secret and its database there. */
export const provision = async (context: StepContext): Promise<StepResult> => {
  const { tenant, operation } = context.tenant.placement ? context : await claim(context);
  const { tenantId, slug, tier } = tenant;
  const placed = placedTenant(tenant);
  context.onSuperseded(() => dropEverything(placed));
  const { password } = await createTenantSecretIfAbsent(tenantId, { slug, tier });
  await guardTenantSecret(tenantId);
  await createTenant(placed, password);
  // After the login exists: Secrets Manager tries it as soon as the rotation is scheduled.
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

const dropEverything = async (placed: PlacedTenant) => {
  await dropData(placed);
  await dropLogin(placed);
  await deleteTenantSecret(placed.tenantId);
};

export const undoPlacement: Compensation = async ({ entry }) => ({ writes: [releasePlace(entry.id)] });

export const undoSecret: Compensation = async ({ tenant: { tenantId } }) => {
  await deleteTenantSecret(tenantId);
  return {
    writes: [deleteSecretRecord(tenantId)],
    audit: [{ action: 'secret.deleted', target: { type: 'tenant', id: tenantId } }],
  };
};

export const undoLogin: Compensation = async ({ tenant: { tenantId }, entry }) => {
  await dropLogin({ tenantId, placement: placeOf(entry) });
  return {};
};

/** Of a namespace of its own, or of its rows in the pool. */
export const undoData: Compensation = async ({ tenant: { tenantId }, entry }) => {
  await dropData({ tenantId, placement: placeOf(entry) });
  return {};
};

export const handler = tenantStep('provision', provision);
