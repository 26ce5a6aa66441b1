import type { Route } from './http.ts';
import { ofrepBulkQuerySchema, ofrepBulkSchema, ofrepRequestSchema, ofrepSuccessSchema } from './ofrep.ts';
import type { Permissions } from './roles.ts';

/** Flags are evaluated for the token's tenant, so only tenant roles have access. */
const ownTenant = { 'tenant-admin': 'own', 'tenant-member': 'own' } as const satisfies Permissions;

/** The OpenFeature Remote Evaluation Protocol 0.3, which defines these paths, bodies and error codes. */
export const ofrepRoutes = {
  evaluateFlag: {
    method: 'POST',
    path: '/ofrep/v1/evaluate/flags/{key}',
    summary: "Evaluate a flag for the token's tenant",
    tag: 'evaluation',
    access: ownTenant,
    body: ofrepRequestSchema,
    reads: ['X-Code-Defaults'],
    refusals: 'ofrep',
    answer: { status: 200, body: ofrepSuccessSchema },
  },
  evaluateFlags: {
    method: 'POST',
    path: '/ofrep/v1/evaluate/flags',
    summary: "Evaluate every flag for the token's tenant; 304 if nothing has changed since `If-None-Match`",
    tag: 'evaluation',
    access: ownTenant,
    query: ofrepBulkQuerySchema,
    body: ofrepRequestSchema,
    reads: ['If-None-Match', 'X-Code-Defaults'],
    sets: ['ETag'],
    notModified: true,
    refusals: 'ofrep',
    answer: { status: 200, body: ofrepBulkSchema },
  },
} as const satisfies Record<string, Route>;
