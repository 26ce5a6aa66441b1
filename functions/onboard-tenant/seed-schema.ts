import { environment } from '#core/contract/platform/names.ts';
import { type StepContext, type StepResult, tenantStep } from '#functions/operation/step.ts';
import { placedTenant } from '#functions/shards/placed-tenant.ts';
import { setting } from '#stores/aws/environment.ts';
import { migrate } from '#stores/tenant-database.ts';

/** Brings the tenant's database to the application's schema, and checks that it keeps tenants apart. */
export const seedSchema = async ({ tenant }: StepContext): Promise<StepResult> => {
  const placed = placedTenant(tenant);
  const { migrations } = await migrate(placed, setting(environment.applicationSchema));
  const { shardId, namespace } = placed.placement;
  const target = { type: 'namespace', id: `${shardId}/${namespace}` };
  return { audit: [{ action: 'tenant.schema.seeded', target, after: { migrations: [...migrations] } }] };
};

export const handler = tenantStep('seed-schema', seedSchema);
