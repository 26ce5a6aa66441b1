import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as cedar from '@cedar-policy/cedar-wasm/nodejs';
import { type AccessFacts, assertInService } from '#core/access/in-service.ts';
import { type Principal, principalOf, reaches, reachOf } from '#core/access/principal.ts';
import { AppError } from '#core/contract/api/errors.ts';
import { isTenantRole, type Role, roles, type TenantRole, tenantRoles } from '#core/contract/api/roles.ts';
import { type OperationId, routeTable } from '#core/contract/api/routes.ts';
import type { Actor } from '#core/contract/events/catalogue.ts';
import { tenantStatuses } from '#core/contract/model/tenant.ts';
import { userSchema } from '#core/contract/model/user.ts';
import { noon, otherTenantId, tenantId } from '#test/builders.ts';
import { collidingIds } from '#test/proofs/colliding-ids.ts';
import type { Random } from '#test/proofs/seeded.ts';

/** One thing asked: by the claims of a verified token, of one operation, about one tenant or about none. */
export interface Asked {
  operationId: OperationId;
  claims: { sub: string; tenantry_role: string; tenantry_tenant?: string; tenantry_user?: string; iat?: string };
  /** What the registry says of the caller's own tenant and of the user that the token names. */
  facts: AccessFacts;
  tenant?: { tenantId: string; onboarder: Pick<Actor, 'type' | 'id'> };
}

const judged = routeTable.filter(({ access }) => access !== 'public');

/** An operation is about a tenant if its path leads to one, or if it lists them: then every item is judged. */
const isAboutTenant = new Set<OperationId>(
  judged
    .filter(
      ({ path: template, operationId }) => /\{(tenant|operation)\}/.test(template) || operationId === 'listTenants',
    )
    .map(({ operationId }) => operationId),
);
const accessOf = new Map(judged.map(({ operationId, access }) => [operationId, access]));

/** The tenant as the registry has it. */
const recorded = ({ tenantId: id, onboarder }: NonNullable<Asked['tenant']>) => ({
  tenantId: id,
  onboardedBy: `${onboarder.type}#${encodeURIComponent(onboarder.id)}`,
});

/** What the product decides of a known caller, by the code that every request goes through. */
export const decide = (principal: Principal, { operationId, facts, tenant }: Asked): boolean => {
  const access = accessOf.get(operationId);
  if (!access || access === 'public') throw new Error(`${operationId} is no operation that anyone is judged for.`);
  return refusedAsFalse(() => {
    if (principal.tenantId !== undefined) assertInService(principal, facts);
    const reach = reachOf(principal, access);
    return tenant === undefined || reaches(principal, reach, recorded(tenant));
  });
};

export const productAllows = (asked: Asked): boolean => refusedAsFalse(() => decide(principalOf(asked.claims), asked));

const refusedAsFalse = (judge: () => boolean): boolean => {
  try {
    return judge();
  } catch (error) {
    if (error instanceof AppError && ['not_allowed', 'not_authenticated', 'tenant_suspended'].includes(error.code))
      return false;
    throw error;
  }
};

const policies = readFileSync(path.join(import.meta.dirname, 'access.cedar'), 'utf8');
const policySet = 'access';
const parsed = cedar.preparsePolicySet(policySet, { staticPolicies: policies });
if (parsed.type === 'failure') throw new Error(`access.cedar: ${JSON.stringify(parsed.errors)}`);

const uid = (type: string, id: string) => ({ type, id });
const reads: ReadonlySet<OperationId> = new Set(
  judged.filter(({ method }) => method === 'GET').map(({ operationId }) => operationId),
);
const entitiesOf = ({ operationId, claims, tenant }: Asked): cedar.EntityJson[] => {
  const { sub, tenantry_role: role, tenantry_tenant: ofTenant, tenantry_user: userId } = claims;
  const attrs = { subject: userId ?? sub, role, ...(ofTenant !== undefined && { tenantId: ofTenant }) };
  const groups = isTenantRole(role as Role) ? [uid('Role', role), uid('Role', 'of-a-tenant')] : [uid('Role', role)];
  return [
    { uid: uid('User', 'caller'), attrs, parents: groups },
    ...(reads.has(operationId)
      ? [{ uid: uid('Action', operationId), attrs: {}, parents: [uid('Action', 'read')] }]
      : []),
    ...(tenant ? [{ uid: uid('Tenant', 'asked'), attrs: { ...tenant }, parents: [] }] : []),
  ];
};

/** What Cedar is told of the caller's tenant and user; times in whole seconds, as tokens have them. */
const contextOf = ({ claims, facts: { tenant, user } }: Asked): cedar.Context => ({
  issuedAt: Number(claims.iat ?? 0),
  namesUser: claims.tenantry_user !== undefined,
  ...(tenant && { tenantStatus: tenant.status }),
  ...(tenant?.tokensValidFrom && { closedAt: Math.floor(Date.parse(tenant.tokensValidFrom) / 1000) }),
  ...(user && { userStatus: user.status, userRole: user.role }),
});

/** What the rules of `access.cedar` decide; a rule that cannot be evaluated is a fault of the rules. */
const cedarAllows = (asked: Asked): boolean => {
  const answer = cedar.statefulIsAuthorized({
    preparsedPolicySetId: policySet,
    principal: uid('User', 'caller'),
    action: uid('Action', asked.operationId),
    resource: asked.tenant ? uid('Tenant', 'asked') : uid('Platform', 'tenantry'),
    context: contextOf(asked),
    entities: entitiesOf(asked),
  });
  if (answer.type === 'failure') throw new Error(`Cedar: ${JSON.stringify(answer.errors)}`);
  const { decision, diagnostics } = answer.response;
  if (diagnostics.errors.length > 0) throw new Error(`Cedar: ${JSON.stringify(diagnostics.errors)}`);
  return decision === 'allow';
};

const tenantIds = [tenantId, otherTenantId, 'tn_01jdaa0000000000000000000c'] as const;
const unknownRoles = ['root', '', 'Platform-Admin', 'platform-admin ', 'of-a-tenant', 'constructor'];
const noonSeconds = Date.parse(noon) / 1000;

/** Mostly a caller in good standing; every reason to refuse one comes up as well. */
const anyFacts = (random: Random, role: string): AccessFacts => {
  const closedAt = new Date((noonSeconds + random.int(5) - 2) * 1000 + random.int(1000)).toISOString();
  return {
    tenant: random.chance(3)
      ? undefined
      : {
          status: random.chance(80) ? 'active' : random.pick(tenantStatuses),
          ...(random.chance(25) && { tokensValidFrom: closedAt }),
        },
    user: random.chance(5)
      ? undefined
      : {
          role: isTenantRole(role as Role) && random.chance(90) ? (role as TenantRole) : random.pick(tenantRoles),
          status: random.chance(85) ? 'active' : random.pick(userSchema.shape.status.options),
        },
  };
};

/** Any caller, operation and tenant; every relation of a caller to a tenant comes up in a good part of the draws. */
export const anyRequest = (random: Random): Asked => {
  const { operationId } = random.pick(judged);
  const role: string = random.chance(3) ? random.pick(unknownRoles) : random.pick(roles);
  const sub = random.chance(50) ? 'ada' : random.pick(collidingIds) || 'nobody';
  const userId = random.chance(30) ? 'ada@acme.example' : undefined;
  // A platform role with a stray tenant claim, and a tenant role without one, are among the callers.
  const own = random.chance(isTenantRole(role as Role) ? 97 : 5) ? random.pick(tenantIds) : undefined;
  const asked = random.pick([own, own, ...tenantIds, random.pick(collidingIds)]) ?? '';
  const onboarder = {
    type: random.chance(85) ? ('user' as const) : ('service' as const),
    id: random.pick([userId ?? sub, sub, 'eve', random.pick(collidingIds)]),
  };
  return {
    operationId,
    claims: {
      sub,
      tenantry_role: role,
      ...(own !== undefined && { tenantry_tenant: own }),
      ...(userId !== undefined && { tenantry_user: userId }),
      ...(random.chance(95) && { iat: String(noonSeconds + random.int(5) - 2) }),
    },
    facts: anyFacts(random, role),
    ...(isAboutTenant.has(operationId) && { tenant: { tenantId: asked, onboarder } }),
  };
};

export interface Comparison {
  asked: number;
  allowed: number;
  /** Operation and role of every question, as `<operation> by <role>`. */
  pairs: string[];
  disagreements: { request: Asked; product: boolean; cedar: boolean }[];
}

/** Asks both the same so many times. */
export const compare = (random: Random, asked: number): Comparison => {
  const pairs = new Set<string>();
  const disagreements: Comparison['disagreements'] = [];
  let allowed = 0;
  for (let turn = 0; turn < asked; turn += 1) {
    const request = anyRequest(random);
    const [product, rules] = [productAllows(request), cedarAllows(request)];
    pairs.add(`${request.operationId} by ${request.claims.tenantry_role}`);
    if (product) allowed += 1;
    if (product !== rules) disagreements.push({ request, product, cedar: rules });
  }
  return { asked, allowed, pairs: [...pairs], disagreements };
};

/** Every operation that is judged, with every role. */
export const everyPair: readonly string[] = judged.flatMap(({ operationId }) =>
  roles.map((role) => `${operationId} by ${role}`),
);
