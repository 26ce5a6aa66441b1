import type { ZodType } from 'zod';
import { type ErrorCode, errorCatalogue, workflowErrorName } from './errors.ts';
import {
  type AnswerHeader,
  errorsOf,
  pathParametersOf,
  problemTypeOf,
  type RequestHeader,
  type Route,
  requestInstance,
  tags,
} from './http.ts';
import { ofrepFailureSchema } from './ofrep.ts';
import { componentSchemas, inlineSchema, schemaRef } from './openapi-schemas.ts';
import { type Permissions, type Reach, roles } from './roles.ts';
import { type OperationId, routeTable } from './routes.ts';

type Json = Record<string, unknown>;
type ListedRoute = Route & { operationId: OperationId };

/** Descriptions of the path parameters. */
export const pathParameters: Readonly<Record<string, string>> = {
  tenant: 'A tenant id (`tn_…`) or a slug',
  operation: 'An operation id (`op_…`)',
  user: "A user's e-mail address, in lower case",
  shard: 'A shard id',
  key: 'A flag key',
  name: 'The name of an evaluator',
  proposal: 'A proposal id (`fp_…`)',
};

/** Descriptions of the request headers. */
export const requestHeaders: Readonly<Record<RequestHeader, string>> = {
  'Idempotency-Key': 'Makes the request safe to repeat: the same key with the same body gets the same response',
  'If-Match':
    'The `ETag` that was read, which is the `version` in quotes: if the resource has changed since, the request fails with `version_conflict`',
  'If-None-Match':
    'For writes: `*`, which fails with `version_conflict` if the resource exists. For reads: the `ETag` of the cached response, answered with 304 and no body if it is still current',
  'X-Code-Defaults':
    '`unsupported`: a disabled flag is answered with its default variant, for clients that treat an absent value as an error',
};

/** Descriptions of the response headers. */
export const answerHeaders: Readonly<
  Record<AnswerHeader | 'RateLimit' | 'RateLimit-Policy' | 'Retry-After' | 'x-request-id', string>
> = {
  ETag: 'The version of the resource, for `If-Match`; or a digest of the response, for `If-None-Match`',
  Location: 'The URL of the created resource or the started operation',
  RateLimit: 'Remaining requests `r` of the caller’s limit, and seconds `t` until it is full again',
  'RateLimit-Policy': 'The caller’s limit: `q` requests in any `w` seconds',
  'Retry-After': 'Seconds to wait before a retry',
  'x-next-cursor': 'Present if the file continues: repeat the request with it as `cursor`, and append the result',
  'x-request-id': 'Identifies this request in logs and audit events',
};

const reaches: Readonly<Record<Reach, string>> = {
  any: '',
  onboarded: ' (tenants it onboarded)',
  own: ' (its tenant)',
};

/** One sentence of Markdown that says which roles may call an operation. */
export function describeAccess(access: Permissions | 'public') {
  if (access === 'public') return 'Public: no token required.';
  const listed = roles.flatMap((role) => (access[role] ? [`\`${role}\`${reaches[access[role]]}`] : []));
  return `Roles: ${listed.join(', ')}.`;
}

const mapEntries = <V>(record: Readonly<Record<string, V>>, make: (name: string, value: V) => unknown): Json =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, make(name, value)]));

const parameterRef = (name: string) => ({ $ref: `#/components/parameters/${name}` });
const headerRefs = (names: readonly string[]): Json =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

const parametersOf = (route: Route) => [
  ...pathParametersOf(route.path).map(parameterRef),
  ...Object.entries(route.query?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    schema: inlineSchema(schema),
  })),
  ...(route.reads ?? []).map(parameterRef),
];

const problemExample = (code: ErrorCode) => {
  const { status, title } = errorCatalogue[code];
  return {
    value: { type: problemTypeOf(code), title, status, code, detail: `${title}.`, instance: requestInstance('…') },
  };
};

/** Codes whose responses carry `Retry-After`. */
const withRetryAfter: readonly ErrorCode[] = ['rate_limited', 'dependency_unavailable'];

const problemAnswer = (codes: readonly ErrorCode[]) => ({
  description: codes.map((code) => `\`${code}\`: ${errorCatalogue[code].title}.`).join(' '),
  headers: headerRefs([
    ...(codes.some((code) => withRetryAfter.includes(code)) ? ['Retry-After'] : []),
    'x-request-id',
  ]),
  content: {
    'application/problem+json': {
      schema: { $ref: '#/components/schemas/Problem' },
      examples: Object.fromEntries(codes.map((code) => [code, problemExample(code)])),
    },
  },
});

/** Groups a route's errors by status: OpenAPI has one response per status. */
const problemsByStatus = (route: Route) => [...Map.groupBy(errorsOf(route), (code) => errorCatalogue[code].status)];

/** Errors that the gateway itself raises, so they are problems on every route. */
const gatewayStatuses = [401, 413, 429];

const refusalOf = ({ refusals }: Route, status: number, codes: readonly ErrorCode[]) =>
  refusals === undefined || gatewayStatuses.includes(status)
    ? { $ref: `#/components/responses/${problemName(codes)}` }
    : {
        description: codes.map((code) => `${errorCatalogue[code].title}.`).join(' '),
        headers: headerRefs(['x-request-id']),
        content: { 'application/json': { schema: schemaRef(ofrepFailureSchema) } },
      };

const problemName = (codes: readonly ErrorCode[]) => codes.map(workflowErrorName).join('Or');

const limitHeaders = ['RateLimit', 'RateLimit-Policy'];

function ordinaryAnswerOf({ access, answer, sets = [] }: Route) {
  const { contentType = 'application/json', otherContentTypes = [], body } = answer;
  const schema = answer.contentType ? inlineSchema(body) : schemaRef(body);
  return {
    description: 'Success',
    headers: headerRefs([...sets, ...(access === 'public' ? [] : limitHeaders), 'x-request-id']),
    content: Object.fromEntries([contentType, ...otherContentTypes].map((type) => [type, { schema }])),
  };
}

const acceptedAnswerOf = (body: ZodType) => ({
  description: 'The change awaits approval',
  headers: headerRefs(['x-request-id']),
  content: { 'application/json': { schema: schemaRef(body) } },
});

function operationOf(route: ListedRoute): Json {
  const parameters = parametersOf(route);
  return {
    operationId: route.operationId,
    summary: route.summary,
    description: describeAccess(route.access),
    tags: [route.tag],
    ...(route.access === 'public' ? { security: [] } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(route.body
      ? { requestBody: { required: true, content: { 'application/json': { schema: schemaRef(route.body) } } } }
      : {}),
    responses: {
      [route.answer.status]: ordinaryAnswerOf(route),
      ...(route.accepted && { 202: acceptedAnswerOf(route.accepted) }),
      ...(route.notModified && {
        304: { description: 'The cached response is still current', headers: headerRefs(route.sets ?? []) },
      }),
      ...Object.fromEntries(
        problemsByStatus(route).map(([status, codes]) => [status, refusalOf(route, status, codes)]),
      ),
    },
  };
}

function pathsOf(): Json {
  const paths: Record<string, Json> = {};
  for (const route of routeTable) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return paths;
}

const text = { type: 'string' };

function componentsOf() {
  const problems = routeTable.flatMap(problemsByStatus);
  return {
    schemas: componentSchemas(),
    parameters: {
      ...mapEntries(pathParameters, (name, description) => ({
        name,
        in: 'path',
        required: true,
        description,
        schema: text,
      })),
      ...mapEntries(requestHeaders, (name, description) => ({ name, in: 'header', description, schema: text })),
    },
    headers: mapEntries(answerHeaders, (_name, description) => ({ description, schema: text })),
    responses: Object.fromEntries(problems.map(([, codes]) => [problemName(codes), problemAnswer(codes)])),
    securitySchemes: {
      bearer: {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description: 'The claim `tenantry_role` names the role; for tenant roles, `tenantry_tenant` names the tenant.',
      },
    },
  };
}

/** The API as an OpenAPI 3.1 document, generated from the route table. */
export const openApiDocument = () => ({
  openapi: '3.1.1',
  info: {
    title: 'Tenantry',
    version: '1',
    summary: 'Control plane for software as a service: onboards and isolates tenants, and audits every change.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [{ url: '/' }],
  security: [{ bearer: [] }],
  tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
  paths: pathsOf(),
  components: componentsOf(),
});
