import * as z from 'zod';
import { auditEventSchema } from '#core/contract/events/catalogue.ts';
import { fleetSchema } from '#core/contract/model/fleet.ts';
import { limitsSchema } from '#core/contract/model/limits.ts';
import { operationSchema, operationStatuses } from '#core/contract/model/operation.ts';
import { shardRegistrationSchema, shardSchema, shardUpdateSchema } from '#core/contract/model/shard.ts';
import {
  onboardingSchema,
  suspensionSchema,
  tenantSchema,
  tenantSorts,
  tenantStatuses,
  tenantUpdateSchema,
} from '#core/contract/model/tenant.ts';
import { shardClasses } from '#core/contract/model/tiers.ts';
import { operationKindNames } from '#core/operation/kinds.ts';
import { auditExportSchema, auditQuerySchema, auditVerificationSchema } from './audit-query.ts';
import { flagRoutes } from './flag-routes.ts';
import { flagSetRoutes } from './flag-set-routes.ts';
import { listOf, pageQuery, type Route, sortOrders } from './http.ts';
import { ofrepRoutes } from './ofrep-routes.ts';
import { type Permissions, roleSchema } from './roles.ts';
import { secretRoutes } from './secret-routes.ts';
import { userRoutes } from './user-routes.ts';

const platform = { 'platform-admin': 'any', 'platform-auditor': 'any' } as const satisfies Permissions;
const readsTenant = { ...platform, sales: 'onboarded', 'tenant-admin': 'own', 'tenant-member': 'own' } as const;
const readsAudit = { ...platform, 'tenant-admin': 'own' } as const;
const started = z.object({ tenant: tenantSchema, operation: operationSchema });

const operationFilter = {
  kind: z.enum(operationKindNames).optional(),
  status: z.enum(operationStatuses).optional(),
  /** Only operations started at this time or later. */
  from: z.iso.datetime().optional(),
};
const suspensionErrors = ['invalid_transition', 'operation_in_progress', 'idempotency_mismatch'] as const;

export const routes = {
  createTenant: {
    method: 'POST',
    path: '/v1/tenants',
    summary: 'Onboard a tenant',
    tag: 'tenants',
    access: { 'platform-admin': 'any', sales: 'any' },
    body: onboardingSchema,
    reads: ['Idempotency-Key'],
    sets: ['Location'],
    errors: ['slug_taken', 'idempotency_mismatch'],
    answer: { status: 202, body: started },
  },
  listTenants: {
    method: 'GET',
    path: '/v1/tenants',
    summary: 'List tenants',
    tag: 'tenants',
    access: { ...platform, sales: 'onboarded' },
    query: z.strictObject({
      status: z.enum(tenantStatuses).optional(),
      tier: z.string().max(32).optional(),
      shard: z.string().max(40).optional(),
      q: z.string().min(1).max(128).optional(),
      sort: z.enum(tenantSorts).default('createdAt'),
      order: z.enum(sortOrders).default('asc'),
      ...pageQuery,
    }),
    answer: { status: 200, body: listOf(tenantSchema) },
  },
  getTenant: {
    method: 'GET',
    path: '/v1/tenants/{tenant}',
    summary: 'Read a tenant',
    tag: 'tenants',
    access: readsTenant,
    sets: ['ETag'],
    answer: { status: 200, body: tenantSchema },
  },
  updateTenant: {
    method: 'PATCH',
    path: '/v1/tenants/{tenant}',
    summary: "Change a tenant's name, metadata, administrator or limits",
    tag: 'tenants',
    access: { 'platform-admin': 'any' },
    body: tenantUpdateSchema,
    reads: ['If-Match'],
    sets: ['ETag'],
    errors: ['version_conflict'],
    answer: { status: 200, body: tenantSchema },
  },
  retryTenant: {
    method: 'POST',
    path: '/v1/tenants/{tenant}/retry',
    summary: 'Retry the onboarding of a failed tenant',
    tag: 'tenants',
    access: { 'platform-admin': 'any', sales: 'onboarded' },
    sets: ['Location'],
    errors: ['slug_taken', 'invalid_transition', 'operation_in_progress', 'version_conflict'],
    answer: { status: 202, body: started },
  },
  suspendTenant: {
    method: 'POST',
    path: '/v1/tenants/{tenant}/suspend',
    summary: 'Suspend a tenant: refuse its users, database login and AWS sessions, and keep its data',
    tag: 'tenants',
    access: { 'platform-admin': 'any' },
    body: suspensionSchema,
    reads: ['Idempotency-Key'],
    sets: ['Location'],
    errors: suspensionErrors,
    answer: { status: 200, body: started },
    accepted: started,
  },
  resumeTenant: {
    method: 'POST',
    path: '/v1/tenants/{tenant}/resume',
    summary: 'Resume a suspended tenant, once it passes its health check',
    tag: 'tenants',
    access: { 'platform-admin': 'any' },
    body: suspensionSchema,
    reads: ['Idempotency-Key'],
    sets: ['Location'],
    errors: suspensionErrors,
    answer: { status: 200, body: started },
    accepted: started,
  },
  listOperations: {
    method: 'GET',
    path: '/v1/tenants/{tenant}/operations',
    summary: "List a tenant's operations, newest first",
    tag: 'operations',
    access: { ...platform, sales: 'onboarded', 'tenant-admin': 'own' },
    query: z.strictObject({ ...operationFilter, ...pageQuery }),
    answer: { status: 200, body: listOf(operationSchema) },
  },
  listAllOperations: {
    method: 'GET',
    path: '/v1/operations',
    summary: 'List operations of every kind and subject, newest first',
    tag: 'operations',
    access: platform,
    query: z.strictObject({ tenant: z.string().min(1).max(64).optional(), ...operationFilter, ...pageQuery }),
    answer: { status: 200, body: listOf(operationSchema) },
  },
  getOperation: {
    method: 'GET',
    path: '/v1/operations/{operation}',
    summary: 'Read an operation and its steps',
    tag: 'operations',
    access: { ...platform, sales: 'onboarded', 'tenant-admin': 'own' },
    answer: { status: 200, body: operationSchema },
  },
  listTenantAudit: {
    method: 'GET',
    path: '/v1/tenants/{tenant}/audit',
    summary: "Search a tenant's audit events, newest first",
    tag: 'audit',
    access: readsAudit,
    query: auditQuerySchema,
    answer: { status: 200, body: listOf(auditEventSchema) },
  },
  verifyTenantAudit: {
    method: 'GET',
    path: '/v1/tenants/{tenant}/audit/verify',
    summary: "Verify a tenant's audit chain and report its first fault",
    tag: 'audit',
    access: readsAudit,
    answer: { status: 200, body: auditVerificationSchema },
  },
  exportTenantAudit: {
    method: 'GET',
    path: '/v1/tenants/{tenant}/audit/export',
    summary: "Export a tenant's audit events, oldest first; `x-next-cursor` continues a long export",
    tag: 'audit',
    access: readsAudit,
    query: auditExportSchema,
    sets: ['x-next-cursor'],
    answer: { status: 200, body: z.string(), contentType: 'application/x-ndjson', otherContentTypes: ['text/csv'] },
  },
  listSystemAudit: {
    method: 'GET',
    path: '/v1/audit',
    summary: 'Search the audit events that belong to no tenant, newest first',
    tag: 'audit',
    access: platform,
    query: auditQuerySchema,
    answer: { status: 200, body: listOf(auditEventSchema) },
  },
  ...flagRoutes,
  ...flagSetRoutes,
  ...userRoutes,
  getFleet: {
    method: 'GET',
    path: '/v1/fleet',
    summary: 'Count tenants, and summarize the onboardings of the last 24 hours',
    tag: 'fleet',
    access: platform,
    answer: { status: 200, body: fleetSchema },
  },
  ...secretRoutes,
  listShards: {
    method: 'GET',
    path: '/v1/shards',
    summary: 'List shards',
    tag: 'shards',
    access: platform,
    query: z.strictObject({ class: z.enum(shardClasses).optional(), ...pageQuery }),
    answer: { status: 200, body: listOf(shardSchema) },
  },
  createShard: {
    method: 'POST',
    path: '/v1/shards',
    summary: 'Add a shard: a Postgres cluster whose admin credentials are in Secrets Manager',
    tag: 'shards',
    access: { 'platform-admin': 'any' },
    body: shardRegistrationSchema,
    sets: ['Location'],
    errors: ['version_conflict'],
    answer: { status: 201, body: shardSchema },
  },
  updateShard: {
    method: 'PATCH',
    path: '/v1/shards/{shard}',
    summary: "Change a shard's capacity, or close it to new tenants",
    tag: 'shards',
    access: { 'platform-admin': 'any' },
    body: shardUpdateSchema,
    reads: ['If-Match'],
    errors: ['version_conflict'],
    answer: { status: 200, body: shardSchema },
  },
  ...ofrepRoutes,
  getMe: {
    method: 'GET',
    path: '/v1/me',
    summary: "The caller's identity, permissions and limits",
    tag: 'about',
    access: { ...readsTenant, sales: 'any' },
    answer: {
      status: 200,
      body: z.object({
        id: z.string(),
        role: roleSchema,
        tenantId: z.string().optional(),
        operations: z.array(z.string()),
        limits: limitsSchema,
      }),
    },
  },
  getOpenApi: {
    method: 'GET',
    path: '/openapi.json',
    summary: 'This API as OpenAPI 3.1',
    tag: 'about',
    access: 'public',
    answer: { status: 200, body: z.looseObject({ openapi: z.string() }) },
  },
  getHealth: {
    method: 'GET',
    path: '/healthz',
    summary: 'Check that the API is up',
    tag: 'about',
    access: 'public',
    answer: { status: 200, body: z.object({ status: z.literal('ok') }) },
  },
} as const satisfies Record<string, Route>;

export type OperationId = keyof typeof routes;
export type RequestBody<Id extends OperationId> = (typeof routes)[Id] extends { body: infer B extends z.ZodType }
  ? z.infer<B>
  : undefined;
export type RequestQuery<Id extends OperationId> = (typeof routes)[Id] extends { query: infer Q extends z.ZodType }
  ? z.infer<Q>
  : Record<string, never>;
export type Answer<Id extends OperationId> =
  | z.infer<(typeof routes)[Id]['answer']['body']>
  | ((typeof routes)[Id] extends { accepted: infer A extends z.ZodType } ? z.infer<A> : never);

/** Operations on flag definitions, which one function serves, since all work on the one flag set. */
export const definitionOperations: readonly OperationId[] = (
  Object.keys({ ...flagRoutes, ...flagSetRoutes }) as OperationId[]
).filter((operationId) => operationId !== 'listTenantFlags');

/** The routes as a list. */
export const routeTable: readonly (Route & { operationId: OperationId })[] = (
  Object.entries(routes) as [OperationId, Route][]
).map(([operationId, route]) => ({ operationId, ...route }));
