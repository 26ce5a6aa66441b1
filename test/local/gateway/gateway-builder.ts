import type { APIGatewayProxyEventV2WithJWTAuthorizer } from 'aws-lambda';
import { onTestFinished } from 'vitest';
import type { Method } from '#core/contract/api/http.ts';
import { createGateway, type GatewayOptions } from '#local/gateway/gateway.ts';
import { openState } from '#local/state.ts';
import { openTokens } from '#local/tokens.ts';

export type GatewayEvent = APIGatewayProxyEventV2WithJWTAuthorizer;

const route = (method: Method, path: string, access: 'public' | object = {}) => ({ method, path, access }) as const;

const routes = {
  listThings: route('GET', '/v1/things'),
  createThing: route('POST', '/v1/things'),
  getThing: route('GET', '/v1/things/{thing}'),
  getBest: route('GET', '/v1/things/best'),
  getPart: route('GET', '/v1/things/{thing}/parts/{part}'),
  getHealth: route('GET', '/healthz', 'public'),
};

const functions = {
  api: { trigger: { kind: 'http', operations: Object.keys(routes) } },
  other: { trigger: { kind: 'schedule', rate: 'rate(1 minute)' } },
};

export const audience = 'tenantry';
export const issuer = 'http://127.0.0.1:8787/_local';

/** An issuer with one tenant, `acme`, and one user of it, `ada@acme.example`. */
export const anIssuer = async (options: Partial<Parameters<typeof openTokens>[0]> = {}) =>
  openTokens({
    state: await openState(),
    issuer,
    audience,
    tenantIdOf: async (tenant) => (['acme', 'tn_1'].includes(tenant) ? 'tn_1' : undefined),
    claimsOf: async (user) => {
      if (user === 'ada@acme.example')
        return { tenantry_role: 'tenant-admin', tenantry_tenant: 'tn_1', tenantry_user: user };
      throw Object.assign(new Error('No tenant lets this user in.'), { name: 'NotAuthenticated' });
    },
    ...options,
  });

/** One for all tests of a file: making an RSA key takes a while. */
export const theIssuer = anIssuer();

/** A gateway over a few routes whose one function is `answer`; keeps the events it was called with. */
export const aGateway = async (
  answer: (event: GatewayEvent) => unknown = () => ({ statusCode: 200, body: '{}' }),
  options: Partial<GatewayOptions> = {},
) => {
  const events: GatewayEvent[] = [];
  const faults: unknown[] = [];
  const tokens = await theIssuer;
  const gateway = createGateway({
    routes,
    functions: functions as unknown as GatewayOptions['functions'],
    invoke: async (_name, event) => {
      events.push(event as GatewayEvent);
      return answer(event as GatewayEvent);
    },
    verify: tokens.verify,
    report: (fault) => faults.push(fault),
    ...options,
  });
  const url = await gateway.listen(0);
  onTestFinished(() => gateway.close());
  const authorization = `Bearer ${await tokens.issue({ role: 'sales' })}`;
  const send = (
    path: string,
    { headers = {}, ...request }: Omit<RequestInit, 'headers'> & { headers?: Record<string, string> } = {},
  ) => fetch(`${url}${path}`, { ...request, headers: { authorization, ...headers } });
  return { url, send, events, faults, tokens, gateway, authorization };
};
