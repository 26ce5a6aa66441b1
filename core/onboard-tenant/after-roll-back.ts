import type { Write } from '#core/change.ts';
import { keys } from '#core/keys.ts';
import type { RollBackEnd } from '#core/operation/roll-back-end.ts';
import type { TenantRecord } from '#core/tenant/tenant-record.ts';

const releaseSlug = ({ slug, tenantId }: TenantRecord): Write => ({
  kind: 'put',
  table: 'tenants',
  item: { ...keys.slug(slug), tenantId, released: true },
  guard: {
    condition: { equals: { tenantId } },
    otherwise: { code: 'version_conflict', message: `The slug "${slug}" is no longer this tenant's.` },
  },
});

/** A tenant whose onboarding was undone keeps its record, but no place and no slug. */
export const afterOnboarding: RollBackEnd = {
  failed: 'tenant.onboarding.failed',
  undone: 'tenant.rolled-back',
  release: ({ placement: _placement, ...tenant }) => ({ tenant, writes: [releaseSlug(tenant)] }),
};
