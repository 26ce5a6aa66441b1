import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { AppError } from '#core/contract/api/errors.ts';
import { maxBodyBytes, type Route } from '#core/contract/api/http.ts';
import { type Limits, publicRouteLimits, stageLimits } from '#core/contract/model/limits.ts';
import type { Trigger } from '#functions/function-spec.ts';
import { listen } from '#local/aws/endpoint/endpoint.ts';
import { FunctionError } from '#local/aws/lambda/function-error.ts';
import type { Invoke } from '#local/aws/lambda/runtime.ts';
import type { Claims } from '#local/tokens.ts';
import { now } from '#stores/aws/clock.ts';
import { addressOf } from './address.ts';
import { sendResult } from './answer.ts';
import { bodyOf } from './body.ts';
import { authenticate } from './claims.ts';
import { allowOrigin, answerPreflight } from './cors.ts';
import { eventOf } from './event.ts';
import { InFlight } from './in-flight.ts';
import { refuse } from './problem.ts';
import { type GatewayRoute, routerOf } from './router.ts';
import { Throttle } from './throttle.ts';

export interface GatewayOptions {
  /** Operation id → route. */
  routes: Readonly<Record<string, Pick<Route, 'method' | 'path' | 'access' | 'maxBodyBytes'>>>;
  /** The functions; those with an http trigger answer its operations. */
  functions: Readonly<Record<string, { trigger: Trigger }>>;
  invoke: Invoke;
  /** The claims of a valid token; rejects when it is none. */
  verify: (token: string) => Promise<Claims>;
  /** Answers what is no route of the API; false where it does not either. */
  rest?: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Origins of the web pages that may call the API; none by default. */
  webOrigins?: readonly string[];
  /** Called with errors of the gateway itself. */
  report: (error: unknown) => void;
  /** Requests under way beyond which more are refused, as Lambda throttles: 1,000 by default, as in an account. */
  maxInFlight?: number;
  /** Limits of all callers together, and of each public route: as deployed by default. */
  stageThrottle?: Limits;
  publicRouteThrottle?: Limits;
}

export interface Gateway {
  /** Listens on loopback; `port` 0 takes a free one. Gives the URL, and rejects with the system's error. */
  listen(port: number): Promise<string>;
  /** Refuses new requests, and resolves when those under way are answered. */
  close(): Promise<void>;
}

/** A client that sends nothing gets no longer than API Gateway gives a function: 30 seconds. */
const longestMs = 30_000;

/** How long a request under way may still take when the gateway closes. */
const graceMs = 5_000;

/** How long an answered connection may then stay open. */
const idleMs = 20;

/** Every route with the function whose trigger names its operation; throws for an operation that none serves. */
export function routesOf({ routes, functions }: Pick<GatewayOptions, 'routes' | 'functions'>): GatewayRoute[] {
  const servers = new Map<string, string>();
  for (const [functionName, { trigger }] of Object.entries(functions)) {
    if (trigger.kind === 'http') for (const operation of trigger.operations) servers.set(operation, functionName);
  }
  return Object.entries(routes).map(([operation, { method, path, access, maxBodyBytes: most = maxBodyBytes }]) => {
    const functionName = servers.get(operation);
    if (functionName === undefined) throw new Error(`No function of the manifest serves the operation ${operation}.`);
    return { method, path, key: `${method} ${path}`, isPublic: access === 'public', maxBodyBytes: most, functionName };
  });
}

/** The HTTP API as API Gateway serves it: finds the route, verifies the token, calls the function, answers. */
export function createGateway(options: GatewayOptions): Gateway {
  const {
    invoke,
    verify,
    rest,
    report,
    webOrigins = [],
    maxInFlight = 1000,
    stageThrottle = stageLimits,
    publicRouteThrottle = publicRouteLimits,
  } = options;
  const match = routerOf(routesOf(options));
  const inFlight = new InFlight(maxInFlight);
  const stage = new Throttle(stageThrottle);
  const publicRoutes = new Map(
    routesOf(options).flatMap(({ isPublic, path }) => (isPublic ? [[path, new Throttle(publicRouteThrottle)]] : [])),
  );

  const serve = async (request: IncomingMessage, response: ServerResponse, requestId: string) => {
    const isAllowed = allowOrigin(request, response, webOrigins);
    if (isAllowed && answerPreflight(request, response)) return;
    const { path, query } = addressOf(request);
    const matched = match(request.method ?? '', path);
    if (!matched) {
      if (rest?.(request, response)) return;
      throw new AppError('not_found', `There is no route ${request.method} ${path}.`);
    }
    stage.take();
    publicRoutes.get(matched.route.path)?.take();
    const { isPublic, maxBodyBytes: most, functionName } = matched.route;
    const claims = isPublic ? undefined : await authenticate(request, verify);
    const tenantId = claims?.['tenantry_tenant'];
    inFlight.enter(tenantId);
    try {
      const body = await bodyOf(request, most);
      const event = eventOf({ request, match: matched, path, query, body, claims, requestId, time: now() });
      sendResult(response, await invoke(functionName, event), requestId);
    } finally {
      inFlight.leave(tenantId);
    }
  };

  const failed = (error: unknown, request: IncomingMessage, response: ServerResponse, requestId: string) => {
    // A client that leaves causes errors of Node's own.
    const hasLeft = response.destroyed;
    if (!hasLeft && !(error instanceof AppError || error instanceof FunctionError)) report(error);
    return refuse(request, response, error, requestId);
  };

  const server = createServer({ requestTimeout: longestMs, keepAliveTimeout: longestMs }, (request, response) => {
    const requestId = randomUUID();
    serve(request, response, requestId)
      .catch((error: unknown) => failed(error, request, response, requestId))
      .catch(report);
  });
  return {
    listen: async (port) => `http://127.0.0.1:${await listen(server, port)}`,
    close: async () => {
      // Node closes only what is idle now, not what becomes idle when it is answered.
      const idle = setInterval(() => server.closeIdleConnections(), idleMs);
      const late = setTimeout(() => server.closeAllConnections(), graceMs);
      await new Promise<void>((resolve) => server.close(() => resolve()));
      clearInterval(idle);
      clearTimeout(late);
    },
  };
}
