import middy from '@middy/core';
import type { APIGatewayProxyEventV2WithJWTAuthorizer, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type Principal, principalOf, reachOf } from '#core/access/principal.ts';
import type { Cause } from '#core/change.ts';
import { AppError } from '#core/contract/api/errors.ts';
import { type Route, securityHeaders } from '#core/contract/api/http.ts';
import type { Reach } from '#core/contract/api/roles.ts';
import {
  type Answer,
  type OperationId,
  type RequestBody,
  type RequestQuery,
  routes,
} from '#core/contract/api/routes.ts';
import { asCaller } from './as-caller.ts';
import { recordDenial } from './denials.ts';
import { type CountedContext, countRequest, limitHeaders } from './limits.ts';
import { namedAndLogged } from './logged.ts';
import { problemAnswer } from './problems.ts';
import { bodyOf, paramsOf, queryOf } from './request-parts.ts';
import { type Log, logFor } from './telemetry.ts';

export type HttpEvent = APIGatewayProxyEventV2WithJWTAuthorizer;
export type HttpResult = APIGatewayProxyStructuredResultV2;

/** One call of one operation, with its parsed input and its authenticated caller. */
export interface Call<Id extends OperationId> {
  principal: Principal;
  /** How far the caller's role reaches with this operation. */
  reach: Reach;
  params: Record<string, string | undefined>;
  query: RequestQuery<Id>;
  body: RequestBody<Id>;
  headers: Record<string, string | undefined>;
  cause: Cause;
  log: Log;
}

interface OrdinaryReply<Id extends OperationId> {
  body: Answer<Id>;
  /** If it differs from the route's ordinary status. */
  status?: 202;
  headers?: Record<string, string>;
}

/** A reply with another status than the route's ordinary one, where a protocol defines one. */
interface OtherReply {
  status: number;
  /** A string is sent as it is. */
  body?: object | string;
  headers?: Record<string, string>;
}
export type Reply<Id extends OperationId> = OrdinaryReply<Id> | OtherReply;

/** Turns an error into the response. */
export type Refusal = (error: unknown, event: HttpEvent) => HttpResult;

export type Operations = { [Id in OperationId]?: (call: Call<Id>) => Promise<Reply<Id>> };
type AnyOperation = (call: Call<OperationId>) => Promise<Reply<OperationId>>;

interface HttpOptions {
  /** Answers failed requests, where an API follows another protocol than that of problems. */
  refusal?: Refusal;
  /** Enforces the caller's limits before anything else is done. */
  counted?: typeof countRequest;
}

/** The handler of every function behind the HTTP API: finds the operation, authorizes the caller, parses, answers. */
export const http = (
  name: string,
  operations: Operations,
  { refusal = problemAnswer, counted = countRequest }: HttpOptions = {},
) => {
  const logOf = (event: HttpEvent) =>
    logFor({ function: name, requestId: event.requestContext.requestId, tenantId: tenantClaim(event) });
  const known = byRouteKey(operations);
  return middy<HttpEvent, HttpResult, Error, CountedContext>()
    .use({
      onError: ({ event, context, error }) => {
        const answer = refusal(error, event);
        return { ...answer, headers: { ...answer.headers, ...limitHeaders(context) } };
      },
    })
    .use(namedAndLogged(logOf))
    .handler(async (event: HttpEvent, context: CountedContext): Promise<HttpResult> => {
      const [operationId, operation] = known.get(event.routeKey) ?? noRoute(event);
      const route: Route = routes[operationId];
      const caller = callerOf(event, route);
      if (route.access !== 'public') await counted(context, caller.principal);
      const { requestId } = event.requestContext;
      return asCaller(caller.principal, requestId, async () => {
        const reply = await operation({
          principal: caller.principal,
          cause: caller.cause,
          reach: await authorize(caller, route, event),
          params: paramsOf(event),
          query: queryOf(event, route) as Call<OperationId>['query'],
          body: bodyOf(event, route) as Call<OperationId>['body'],
          headers: event.headers,
          log: logOf(event),
        });
        return resultOf(route, reply, { ...limitHeaders(context), 'x-request-id': requestId });
      });
    });
};

/** Route key → operation. */
const byRouteKey = (operations: Operations): ReadonlyMap<string, readonly [OperationId, AnyOperation]> =>
  new Map(
    (Object.entries(operations) as [OperationId, AnyOperation][]).map((named) => {
      const { method, path } = routes[named[0]];
      return [`${method} ${path}`, named];
    }),
  );

const noRoute = ({ routeKey }: HttpEvent): never => {
  throw new AppError('not_found', `There is no route ${routeKey}.`);
};

const claimsOf = (event: HttpEvent): Record<string, unknown> | undefined =>
  event.requestContext.authorizer?.jwt?.claims;
const tenantClaim = (event: HttpEvent) => claimsOf(event)?.['tenantry_tenant'] as string | undefined;

/** The caller of public routes, without a tenant. */
const anonymous = { id: 'anonymous', role: 'tenant-member' } as const;

const callerOf = (event: HttpEvent, route: Route): { principal: Principal; cause: Cause } => {
  const { requestId, http: request } = event.requestContext;
  const principal = route.access === 'public' ? anonymous : principalOf(claimsOf(event));
  return {
    principal,
    cause: {
      actor: { type: 'user', id: principal.id, role: principal.role },
      requestId,
      source: { ip: request.sourceIp, userAgent: request.userAgent },
    },
  };
};

/** How far the caller's role reaches with this route. A refusal is audited before it is answered. */
const authorize = async (
  { principal, cause }: ReturnType<typeof callerOf>,
  { access, method }: Route,
  event: HttpEvent,
): Promise<Reach> => {
  if (access === 'public') return 'own';
  try {
    return reachOf(principal, access);
  } catch (error) {
    if (error instanceof AppError) {
      await recordDenial(principal, cause, `${method} ${event.requestContext.http.path}`);
    }
    throw error;
  }
};

const resultOf = ({ answer }: Route, reply: Reply<OperationId>, headers: Record<string, string>): HttpResult => {
  const { body, status: statusCode = answer.status } = reply;
  if (body === undefined) return { statusCode, headers: { ...securityHeaders, ...reply.headers, ...headers } };
  const contentType = answer.contentType ?? 'application/json';
  return {
    statusCode,
    headers: { ...securityHeaders, 'content-type': contentType, ...reply.headers, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
};
