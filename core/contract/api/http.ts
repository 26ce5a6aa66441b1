import * as z from 'zod';
import { type ErrorCode, errorCodes } from './errors.ts';
import type { Permissions } from './roles.ts';

/** The largest accepted request body, in bytes, unless a route allows more. */
export const maxBodyBytes = 262_144;

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The sections of the API's description. */
export const tags = {
  tenants: 'Tenants and their onboarding',
  operations: 'Long-running operations and their steps',
  audit: 'Who did what and when, in hash chains that make tampering evident',
  flags: 'Feature flags, overrides and approvals',
  users: "A tenant's users and their roles",
  fleet: 'Figures over all tenants',
  secrets: "Tenants' database credentials: versions and dates, never values",
  shards: 'The Postgres clusters that tenants are placed on',
  evaluation: 'Flag evaluation for applications, by the OpenFeature Remote Evaluation Protocol (OFREP)',
  about: 'The caller and the API itself',
} as const;
export type Tag = keyof typeof tags;

export type RequestHeader = 'Idempotency-Key' | 'If-Match' | 'If-None-Match' | 'X-Code-Defaults';
export type AnswerHeader = 'ETag' | 'Location' | 'x-next-cursor';

/** One route of the HTTP API; the router, the gateway's routes, OpenAPI, the docs and the client derive from it. */
export interface Route {
  method: Method;
  /** In API Gateway's form: `/v1/tenants/{tenant}`. */
  path: string;
  summary: string;
  tag: Tag;
  /** `public` needs no token; otherwise the caller's role must be listed. */
  access: Permissions | 'public';
  query?: z.ZodObject;
  body?: z.ZodType;
  /** The route's own limit for the request body, in bytes. */
  maxBodyBytes?: number;
  /** Request headers it uses, in addition to `Authorization`. */
  reads?: readonly RequestHeader[];
  /** Response headers it sets on success, in addition to `x-request-id`. */
  sets?: readonly AnswerHeader[];
  /** Its specific errors; `errorsOf` adds the general ones. */
  errors?: readonly ErrorCode[];
  /** Whether it answers 304 when `If-None-Match` names the current response. */
  notModified?: true;
  /** `ofrep`: error bodies follow that protocol instead of RFC 9457. */
  refusals?: 'ofrep';
  /** Status and body on success. */
  answer: { status: number; body: z.ZodType; contentType?: string; otherContentTypes?: readonly string[] };
  /** The body of a 202, if the request may have to await approval. */
  accepted?: z.ZodType;
}

/** What pages of an allowed origin may send and read, in addition to the CORS-safelisted headers. */
export const cors = {
  methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
  requestHeaders: ['authorization', 'content-type', 'idempotency-key', 'if-match', 'if-none-match', 'x-api-key'],
  answerHeaders: ['etag', 'location', 'ratelimit', 'ratelimit-policy', 'retry-after', 'x-next-cursor', 'x-request-id'],
  maxAgeSeconds: 600,
} as const satisfies { methods: readonly Method[] } & Record<string, unknown>;

/** Sent with every response: it is data, so it must not be cached, framed or sniffed. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-content-type-options': 'nosniff',
};

export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  instance: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  /** With `operation_in_progress`: the operation to wait for. */
  operationId: z.string().optional(),
});
export type Problem = z.infer<typeof problemSchema>;

/** The `type` of a problem: a URN, since the operator decides where `docs/errors.md` is published. */
export const problemTypeOf = (code: string) => `urn:tenantry:problem:${code}`;

/** The `instance` of a problem: a URN of the request's id, which is also in the log. It reveals no path. */
export const requestInstance = (requestId: string) => `urn:tenantry:request:${requestId}`;

export const sortOrders = ['asc', 'desc'] as const;
export type SortOrder = (typeof sortOrders)[number];

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(2048).optional(),
};

export const listOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().optional() });

/** The names between braces of a path: `/v1/tenants/{tenant}` → `['tenant']`. */
export const pathParametersOf = (path: string) => [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');

/** Every error a route may answer with: its own, and those implied by its token, path, query and body. */
export function errorsOf(route: Route): ErrorCode[] {
  const takesInput = route.query !== undefined || route.body !== undefined;
  const codes = new Set<ErrorCode>([
    ...(takesInput ? (['invalid_request'] as const) : []),
    ...(route.access === 'public' ? [] : (['not_authenticated', 'not_allowed', 'tenant_suspended'] as const)),
    ...(pathParametersOf(route.path).length > 0 ? (['not_found'] as const) : []),
    ...(route.body ? (['too_large'] as const) : []),
    ...(route.errors ?? []),
    'rate_limited',
    'internal',
    'dependency_unavailable',
  ]);
  return errorCodes.filter((code) => codes.has(code));
}
