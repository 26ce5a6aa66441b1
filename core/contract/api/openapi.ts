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

/** The parameters a path may have, and what they name. */
export const pathParameters: Readonly<Record<string, string>> = {
  tenant: 'A tenant id (`tn_…`) or a slug',
  operation: 'An operation id (`op_…`)',
  user: "A user's e-mail address, in lower case",
  shard: 'A shard id',
  key: 'A flag key',
  name: 'The name of an evaluator',
  proposal: 'The id of a proposal (`fp_…`)',
};

/** What the request headers of the route table do. */
export const requestHeaders: Readonly<Record<RequestHeader, string>> = {
  'Idempotency-Key': 'Makes the request safe to repeat: the same key with the same body gets the same answer',
  'If-Match':
    'The `ETag` that was read, which is the `version` in quotes: refused with `version_conflict` if it has changed since',
  'If-None-Match':
    'To change: `*`, refused with `version_conflict` if there is one already. To read: the `ETag` that the caller holds, answered with 304 and no body if it still holds',
  'X-Code-Defaults':
    '`unsupported`: a disabled flag is answered with its default variant, for clients that take an absent value for a fault',
};

/** What the answer headers of the route table tell. */
export const answerHeaders: Readonly<
  Record<AnswerHeader | 'RateLimit' | 'RateLimit-Policy' | 'Retry-After' | 'x-request-id', string>
> = {
  ETag: 'The version of the resource, for `If-Match`; of an answer that is made anew each time, for `If-None-Match`',
  Location: 'Where what was started or made can be found',
  RateLimit: 'What is left of the caller’s limit: `r` requests, and all of them again in `t` seconds',
  'RateLimit-Policy': 'The limit of the caller: `q` requests in any `w` seconds',
  'Retry-After': 'Seconds after which it is worth asking again',
  'x-next-cursor': 'Given where the file goes on: ask again with it as `cursor`, and append what comes',
  'x-request-id': 'Names this request in logs and audit events',
};

const reaches: Readonly<Record<Reach, string>> = {
  any: '',
  onboarded: ' (tenants it onboarded)',
  own: ' (its tenant)',
};

/** Who may call an operation, in one sentence of Markdown. */
export function describeAccess(access: Permissions | 'public') {
  if (access === 'public') return 'Needs no token.';
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

/** Codes after which a refused request is told when to ask again. */
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

/** Codes that share a status share one answer. */
const problemsByStatus = (route: Route) => [...Map.groupBy(errorsOf(route), (code) => errorCatalogue[code].status)];

/** What the gateway refuses before the function is asked, and so as a problem whatever the route. */
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
    description: 'The ordinary answer',
    headers: headerRefs([...sets, ...(access === 'public' ? [] : limitHeaders), 'x-request-id']),
    content: Object.fromEntries([contentType, ...otherContentTypes].map((type) => [type, { schema }])),
  };
}

const acceptedAnswerOf = (body: ZodType) => ({
  description: 'Kept until someone else approves',
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
        304: { description: 'What the caller holds is still right', headers: headerRefs(route.sets ?? []) },
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
        description: 'Claim `tenantry_role` names the role; tenant roles carry `tenantry_tenant` too.',
      },
    },
  };
}

/** The whole API as an OpenAPI 3.1 document, made from the route table. */
export const openApiDocument = () => ({
  openapi: '3.1.1',
  info: {
    title: 'Tenantry',
    version: '1',
    summary: 'Control plane for software as a service: onboards tenants, isolates them, and records what was done.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [{ url: '/' }],
  security: [{ bearer: [] }],
  tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
  paths: pathsOf(),
  components: componentsOf(),
});
