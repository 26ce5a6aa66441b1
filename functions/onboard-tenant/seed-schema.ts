import { environment } from '#core/contract/platform/names.ts';
import { onboardingStep, type StepContext, type StepResult } from '#functions/operation/onboarding-step.ts';
import { placementOf } from '#functions/shards/placement-of.ts';
import { setting } from '#stores/aws/environment.ts';
import { openShard } from '#stores/postgres/open-shard.ts';
import { seedSchema as seedNamespace } from '#stores/postgres/seed-schema.ts';

/** Brings the tenant's namespace to the application's schema and proves on the live catalogue that it isolates. */
export const seedSchema = async ({ tenant }: StepContext): Promise<StepResult> => {
  const { shardId, namespace } = placementOf(tenant);
  const { migrations } = await seedNamespace(
    await openShard(shardId),
    namespace,
    setting(environment.applicationSchema),
  );
  const target = { type: 'namespace', id: `${shardId}/${namespace}` };
  return { audit: [{ action: 'tenant.schema.seeded', target, after: { migrations: [...migrations] } }] };
};

export const handler = onboardingStep('seed-schema', seedSchema);
