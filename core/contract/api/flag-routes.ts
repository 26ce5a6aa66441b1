import * as z from 'zod';
import { auditEventSchema } from '#core/contract/events/catalogue.ts';
import {
  changedFlagSchema,
  deletedSchema,
  flagVersionSchema,
  previewSchema,
  proposalSchema,
  stalenessSchema,
  variantCountSchema,
} from '#core/contract/model/flag-changes.ts';
import {
  evaluationSchema,
  flagDefinitionSchema,
  flagSchema,
  overrideRequestSchema,
  overrideSchema,
  reasonSchema,
} from '#core/contract/model/flags.ts';
import { auditQuerySchema, auditVerificationSchema } from './audit-query.ts';
import { listOf, pageQuery, type Route } from './http.ts';
import type { Permissions } from './roles.ts';

export const readsFlags = { 'platform-admin': 'any', 'platform-auditor': 'any' } as const satisfies Permissions;
export const changesFlags = { 'platform-admin': 'any' } as const satisfies Permissions;
const tag = 'flags';

/** The reason, recorded in the audit event; in the query, so that requests without a body can give one too. */
export const reasonQuery = z.strictObject({ reason: reasonSchema.optional() });
const flag = z.string();
export const booleanQuery = z.enum(['true', 'false']).transform((text) => text === 'true');

/** Flags and overrides. */
export const flagRoutes = {
  listFlags: {
    method: 'GET',
    path: '/v1/flags',
    summary:
      'List flags; `stale=true` lists flags that have expired or have served every tenant the same variant for 90 days, ' +
      '`usage=true` adds how many tenants each variant is served to',
    tag,
    access: readsFlags,
    query: z.strictObject({
      stale: booleanQuery.optional(),
      usage: booleanQuery.optional(),
      q: z.string().min(1).max(128).optional(),
      ...pageQuery,
    }),
    answer: {
      status: 200,
      body: listOf(
        flagSchema.extend({ stale: stalenessSchema.optional(), served: z.array(variantCountSchema).optional() }),
      ),
    },
  },
  getFlag: {
    method: 'GET',
    path: '/v1/flags/{key}',
    summary: "Read a flag's definition",
    tag,
    access: readsFlags,
    sets: ['ETag'],
    answer: { status: 200, body: flagSchema },
  },
  putFlag: {
    method: 'PUT',
    path: '/v1/flags/{key}',
    summary: 'Create or update a flag; for a flag with `metadata.approval: "required"` this creates a proposal',
    tag,
    access: changesFlags,
    query: reasonQuery,
    body: flagDefinitionSchema,
    reads: ['If-Match', 'If-None-Match'],
    sets: ['ETag'],
    errors: ['version_conflict', 'in_use'],
    answer: { status: 200, body: changedFlagSchema },
    accepted: proposalSchema,
  },
  deleteFlag: {
    method: 'DELETE',
    path: '/v1/flags/{key}',
    summary: 'Delete a flag that nothing depends on',
    tag,
    access: changesFlags,
    query: reasonQuery,
    reads: ['If-Match'],
    errors: ['version_conflict', 'in_use'],
    answer: { status: 200, body: deletedSchema },
    accepted: proposalSchema,
  },
  previewFlag: {
    method: 'POST',
    path: '/v1/flags/{key}/preview',
    summary: 'Preview which tenants would get another value from a definition',
    tag,
    access: readsFlags,
    query: z.strictObject(pageQuery),
    body: flagDefinitionSchema,
    errors: ['in_use'],
    answer: { status: 200, body: previewSchema },
  },
  killFlag: {
    method: 'POST',
    path: '/v1/flags/{key}/kill',
    summary: 'Disable a flag for everyone at once, without approval; revert to undo',
    tag,
    access: changesFlags,
    query: reasonQuery,
    sets: ['ETag'],
    answer: { status: 200, body: changedFlagSchema },
  },
  revertFlag: {
    method: 'POST',
    path: '/v1/flags/{key}/revert',
    summary: 'Restore a flag to an earlier version; also restores a deleted flag',
    tag,
    access: changesFlags,
    query: reasonQuery,
    body: z.strictObject({ version: z.int().min(1) }),
    reads: ['If-Match'],
    sets: ['ETag'],
    errors: ['version_conflict', 'in_use'],
    answer: { status: 200, body: changedFlagSchema },
    accepted: proposalSchema,
  },
  listFlagVersions: {
    method: 'GET',
    path: '/v1/flags/{key}/versions',
    summary: "List a flag's versions, newest first",
    tag,
    access: readsFlags,
    query: z.strictObject(pageQuery),
    answer: { status: 200, body: listOf(flagVersionSchema) },
  },
  listFlagAudit: {
    method: 'GET',
    path: '/v1/flags/{key}/audit',
    summary: "Search a flag's audit events, newest first",
    tag,
    access: readsFlags,
    query: auditQuerySchema,
    answer: { status: 200, body: listOf(auditEventSchema) },
  },
  verifyFlagAudit: {
    method: 'GET',
    path: '/v1/flags/{key}/audit/verify',
    summary: "Verify a flag's audit chain and report its first fault",
    tag,
    access: readsFlags,
    answer: { status: 200, body: auditVerificationSchema },
  },
  listFlagOverrides: {
    method: 'GET',
    path: '/v1/flags/{key}/tenants',
    summary: 'List the tenants that have an override of the flag',
    tag,
    access: readsFlags,
    query: z.strictObject(pageQuery),
    answer: { status: 200, body: listOf(overrideSchema) },
  },
  putOverride: {
    method: 'PUT',
    path: '/v1/flags/{key}/tenants/{tenant}',
    summary: "Override a flag's variant for a tenant",
    tag,
    access: changesFlags,
    body: overrideRequestSchema,
    answer: { status: 200, body: overrideSchema },
  },
  deleteOverride: {
    method: 'DELETE',
    path: '/v1/flags/{key}/tenants/{tenant}',
    summary: "Remove a tenant's override",
    tag,
    access: changesFlags,
    query: reasonQuery,
    answer: { status: 200, body: z.object({ tenantId: z.string(), flagKey: flag }) },
  },
  listTenantFlags: {
    method: 'GET',
    path: '/v1/tenants/{tenant}/flags',
    summary: 'Evaluate every flag for a tenant: value, variant, reason, and whether it is overridden',
    tag,
    access: { ...readsFlags, 'tenant-admin': 'own', 'tenant-member': 'own' },
    answer: { status: 200, body: listOf(evaluationSchema) },
  },
} as const satisfies Record<string, Route>;
