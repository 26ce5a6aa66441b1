import type { Cause, Change, Write } from '#core/change.ts';
import { AppError } from '#core/contract/api/errors.ts';
import type { OnboardingRequest } from '#core/contract/model/tenant.ts';
import type { Config } from '#core/contract/model/tiers.ts';
import { actorRef, keys } from '#core/keys.ts';
import { newOperation, type OperationRecord, publicOperation } from '#core/operation/operation.ts';
import { rememberRequest, type Started } from '#core/operation/repeated-request.ts';
import { beginOperation } from '#core/operation/writes.ts';
import { publicTenant, type TenantRecord, tenantItem } from '#core/tenant/tenant-record.ts';

interface RegisterFacts {
  request: OnboardingRequest;
  idempotencyKey: string | undefined;
  cause: Cause;
  config: Pick<Config, 'tiers' | 'regions'>;
  tenantId: string;
  operationId: string;
  now: string;
}

/** The operation that onboards a tenant. */
export const onboarding = ({
  tenantId,
  ...facts
}: {
  tenantId: string;
  operationId: string;
  requestId: string;
  now: string;
}): OperationRecord => newOperation({ kind: 'onboard', subject: { type: 'tenant', id: tenantId }, ...facts });

/** One transaction makes the tenant, its slug, its operation and the memory of the request, or nothing. */
export const registerTenant = (
  facts: RegisterFacts,
): { change: Change; operation: OperationRecord; answer: Started } => {
  const { request, cause, tenantId, operationId, now } = facts;
  const tenant = newTenant(facts);
  const operation = onboarding({ operationId, tenantId, requestId: cause.requestId, now });
  const answer = { tenant: publicTenant(tenant), operation: publicOperation(operation) };
  const writes: Write[] = [
    ...rememberRequest({ ...facts, content: request }, answer),
    claimSlug(request.slug, tenantId),
    { kind: 'put', table: 'tenants', item: tenantItem(tenant) },
    ...beginOperation(operation),
  ];
  const after = { slug: tenant.slug, name: tenant.name, tier: tenant.tier, region: tenant.region };
  return {
    answer,
    operation,
    change: {
      stream: tenantId,
      cause,
      writes,
      audit: [{ action: 'tenant.registered', target: { type: 'tenant', id: tenantId }, operationId, after }],
    },
  };
};

/** A slug is free when nobody has it, or when the onboarding that had it was rolled back. */
export const claimSlug = (slug: string, tenantId: string): Write => ({
  kind: 'put',
  table: 'tenants',
  item: { ...keys.slug(slug), tenantId, released: false },
  guard: {
    condition: { absentOr: { released: true } },
    otherwise: { code: 'slug_taken', message: `The slug "${slug}" is in use by another tenant.` },
  },
});

const newTenant = ({ request, config, cause, tenantId, now }: RegisterFacts): TenantRecord => {
  const tier = Object.hasOwn(config.tiers, request.tier) ? config.tiers[request.tier] : undefined;
  if (!tier) {
    const message = `must be one of ${Object.keys(config.tiers).join(', ')}`;
    throw new AppError('invalid_request', `There is no tier "${request.tier}".`, {
      errors: [{ path: '/tier', message }],
    });
  }
  const region = request.region ?? config.regions[0];
  if (region === undefined || !config.regions.includes(region)) {
    const message = `must be one of ${config.regions.join(', ')}`;
    throw new AppError('invalid_request', `There is no region "${region}".`, {
      errors: [{ path: '/region', message }],
    });
  }
  return {
    tenantId,
    slug: request.slug,
    name: request.name,
    tier: request.tier,
    isolation: tier.isolation,
    status: 'requested',
    region,
    adminEmail: request.adminEmail,
    ...(request.externalId !== undefined && { externalId: request.externalId }),
    metadata: request.metadata ?? {},
    requestedFlags: request.flags ?? {},
    version: 1,
    createdAt: now,
    updatedAt: now,
    onboardedBy: actorRef(cause.actor),
  };
};
