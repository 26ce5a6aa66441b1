import * as z from 'zod';
import { type ErrorCode, errorCodes } from './errors.ts';
import type { Permissions } from './roles.ts';

/** The largest request body taken, in bytes: far above any request of the route table. */
export const maxBodyBytes = 262_144;

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What an operation is about: the sections of the API's description. */
export const tags = {
  tenants: 'Onboarding tenants, and their records',
  operations: 'What is being done for a tenant, step by step',
  audit: 'Who did what, when: chained so that a change to the record shows',
  flags: 'Feature flags: what each tenant is given, and how to change that safely',
  users: "A tenant's own people, and what each may do",
  fleet: 'All tenants together',
  secrets: "What a tenant's services log in with: its versions and dates, never its values",
  shards: 'The Postgres clusters that tenants are placed on',
  evaluation: 'Flags as applications ask for them, by the OpenFeature Remote Evaluation Protocol (OFREP)',
  about: 'The caller, and the API itself',
} as const;
export type Tag = keyof typeof tags;

export type RequestHeader = 'Idempotency-Key' | 'If-Match' | 'If-None-Match' | 'X-Code-Defaults';
export type AnswerHeader = 'ETag' | 'Location' | 'x-next-cursor';

/** One route of the HTTP API: the router, the gateway's routes, OpenAPI, the docs and the client are made from it. */
export interface Route {
  method: Method;
  /** In API Gateway's form: `/v1/tenants/{tenant}`. */
  path: string;
  summary: string;
  tag: Tag;
  /** `public` needs no token; everything else is refused unless the caller's role is listed. */
  access: Permissions | 'public';
  query?: z.ZodObject;
  body?: z.ZodType;
  /** Where it takes larger bodies than others do. */
  maxBodyBytes?: number;
  /** Headers it heeds, beyond `Authorization`. */
  reads?: readonly RequestHeader[];
  /** Headers its ordinary answer carries, beyond `x-request-id`. */
  sets?: readonly AnswerHeader[];
  /** Errors of its own; `errorsOf` adds those that follow from its form. */
  errors?: readonly ErrorCode[];
  /** Whether it answers 304 to who holds what it would answer. */
  notModified?: true;
  /** `ofrep`: refuses with the bodies of that protocol in place of problems. */
  refusals?: 'ofrep';
  /** Status of the ordinary answer and its body. */
  answer: { status: number; body: z.ZodType; contentType?: string; otherContentTypes?: readonly string[] };
  /** The body of a 202, where what was asked for may have to wait for someone. */
  accepted?: z.ZodType;
}

/** What a page of an allowed origin may send and see; the browsers' own lists stand beside it. */
export const cors = {
  methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
  requestHeaders: ['authorization', 'content-type', 'idempotency-key', 'if-match', 'if-none-match', 'x-api-key'],
  answerHeaders: ['etag', 'location', 'ratelimit', 'ratelimit-policy', 'retry-after', 'x-next-cursor', 'x-request-id'],
  maxAgeSeconds: 600,
} as const satisfies { methods: readonly Method[] } & Record<string, unknown>;

/** On every answer: it is data, to be kept by nobody, shown in no frame and taken for nothing else. */
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
  /** Of `operation_in_progress`: the operation to wait for. */
  operationId: z.string().optional(),
});
export type Problem = z.infer<typeof problemSchema>;

/** The `type` of a problem answer: a name, since where `docs/errors.md` is published is the operator's choice. */
export const problemTypeOf = (code: string) => `urn:tenantry:problem:${code}`;

/** The `instance` of a problem: the request it is about, which the log knows by the same id. It does not tell what was asked for. */
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

/** Every error a route may answer with: its own, and those that follow from its token, path, query and body. */
export function errorsOf(route: Route): ErrorCode[] {
  const takesInput = route.query !== undefined || route.body !== undefined;
  const codes = new Set<ErrorCode>([
    ...(takesInput ? (['invalid_request'] as const) : []),
    ...(route.access === 'public' ? [] : (['not_authenticated', 'not_allowed'] as const)),
    ...(pathParametersOf(route.path).length > 0 ? (['not_found'] as const) : []),
    ...(route.body ? (['too_large'] as const) : []),
    ...(route.errors ?? []),
    'rate_limited',
    'internal',
    'dependency_unavailable',
  ]);
  return errorCodes.filter((code) => codes.has(code));
}
