import { digest } from '#core/audit/audit-chain.ts';
import type { Cause, Change, Write } from '#core/change.ts';
import { AppError } from '#core/contract/api/errors.ts';
import type { Operation } from '#core/contract/model/operation.ts';
import type { OnboardingRequest, Tenant } from '#core/contract/model/tenant.ts';
import type { Config } from '#core/contract/model/tiers.ts';
import { actorRef, keys } from '#core/keys.ts';
import { newOperation } from '#core/operation/steps.ts';
import {
  operationItem,
  publicOperation,
  publicTenant,
  type TenantRecord,
  tenantItem,
} from '#core/tenant/tenant-record.ts';

/** What a caller is told, and is told again whenever the request is repeated. */
export interface Registration {
  tenant: Tenant;
  operation: Operation;
}

export interface StoredRequest {
  bodyHash: string;
  answer: Registration;
}

interface RegisterFacts {
  request: OnboardingRequest;
  idempotencyKey: string | undefined;
  cause: Cause;
  config: Pick<Config, 'tiers' | 'regions'>;
  tenantId: string;
  operationId: string;
  now: string;
}

/** One transaction makes the tenant, its slug, its operation and the memory of the request, or nothing. */
export const registerTenant = (facts: RegisterFacts): { change: Change; answer: Registration } => {
  const { request, cause, tenantId, operationId, now } = facts;
  const tenant = newTenant(facts);
  const operation = newOperation({ operationId, tenantId, requestId: cause.requestId, now });
  const answer = { tenant: publicTenant(tenant), operation: publicOperation(operation) };
  const writes: Write[] = [
    ...rememberRequest(facts, answer),
    claimSlug(request.slug, tenantId),
    { kind: 'put', table: 'tenants', item: tenantItem(tenant) },
    { kind: 'put', table: 'tenants', item: operationItem(operation) },
    { kind: 'put', table: 'tenants', item: { ...keys.operationOwner(operationId), tenantId } },
  ];
  const after = { slug: tenant.slug, name: tenant.name, tier: tenant.tier, region: tenant.region };
  return {
    answer,
    change: {
      stream: tenantId,
      cause,
      writes,
      audit: [{ action: 'tenant.registered', target: { type: 'tenant', id: tenantId }, operationId, after }],
    },
  };
};

/** Answers a repeated request as it was answered first; refuses the same key with another body. */
export const repeatedAnswer = (stored: StoredRequest, request: OnboardingRequest): Registration => {
  if (stored.bodyHash !== digest(request)) {
    throw new AppError('idempotency_mismatch', 'This idempotency key was used before, with another body.');
  }
  return stored.answer;
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

const rememberRequest = ({ request, idempotencyKey, cause }: RegisterFacts, answer: Registration): Write[] => {
  if (idempotencyKey === undefined) return [];
  const stored: StoredRequest = { bodyHash: digest(request), answer };
  return [
    {
      kind: 'put',
      table: 'tenants',
      item: { ...keys.request(cause.actor, idempotencyKey), ...stored },
      guard: {
        condition: { absent: true },
        otherwise: { code: 'idempotency_mismatch', message: 'This idempotency key is in use.' },
      },
    },
  ];
};

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
