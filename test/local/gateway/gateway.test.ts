import { request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { problemSchema } from '#core/contract/api/http.ts';
import { routes as contractRoutes, routeTable } from '#core/contract/api/routes.ts';
import { functionSpecs } from '#functions/manifest.ts';
import { FunctionError } from '#local/aws/lambda/function-error.ts';
import { routesOf } from '#local/gateway/gateway.ts';
import { aGateway } from './gateway-builder.ts';

const problemOf = async (response: Response) => {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(response.headers.get('x-request-id')).toMatch(/^[\w-]+$/);
  const problem = problemSchema.parse(await response.json());
  expect(problem.status).toBe(response.status);
  return problem;
};

/** A request as it is on the wire, which `fetch` would tidy up. */
const raw = async (url: string, options: { method?: string; path: string; headers?: string[]; body?: string }) => {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  const { body, headers = [], ...rest } = options;
  const sent = httpRequest(url, { ...rest, headers: ['host', new URL(url).host, ...headers] }, (response) => {
    text(response).then((answer) => resolve({ status: response.statusCode ?? 0, body: answer }), reject);
  });
  sent.on('error', reject).end(body);
  return promise;
};

test('a request reaches its function as API Gateway hands it over', async () => {
  const { send, events, url } = await aGateway();

  await send('/v1/things?tag=a&tag=b%20c&empty=', {
    method: 'POST',
    headers: { 'X-Custom': 'Yes', 'content-type': 'application/json', cookie: 'a=1; b=2' },
    body: '{"name":"x"}',
  });

  expect(events).toMatchObject([
    {
      version: '2.0',
      routeKey: 'POST /v1/things',
      rawPath: '/v1/things',
      rawQueryString: 'tag=a&tag=b%20c&empty=',
      queryStringParameters: { tag: 'a,b c', empty: '' },
      cookies: ['a=1', 'b=2'],
      headers: { 'x-custom': 'Yes', host: new URL(url).host },
      body: '{"name":"x"}',
      isBase64Encoded: false,
      requestContext: {
        http: { method: 'POST', path: '/v1/things', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1' },
        authorizer: {
          jwt: {
            claims: { sub: 'local-sales', tenantry_role: 'sales', exp: expect.stringMatching(/^\d+$/) },
            scopes: null,
          },
        },
        stage: '$default',
        requestId: expect.any(String),
        timeEpoch: expect.any(Number),
        time: expect.stringMatching(/^\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
      },
    },
  ]);
  expect(events[0]!.headers).not.toHaveProperty('cookie');
});

test('headers sent twice are joined, and bytes come in base64', async () => {
  const { url, authorization, events } = await aGateway();
  await raw(url, {
    method: 'POST',
    path: '/v1/things',
    headers: ['authorization', authorization, 'X-Many', 'a', 'x-many', 'b', 'content-type', 'image/png'],
    body: '\u0001ÿ',
  });
  expect(events[0]).toMatchObject({
    headers: { 'x-many': 'a,b' },
    body: Buffer.from('\u0001ÿ').toString('base64'),
    isBase64Encoded: true,
  });
});

test('a body that is not JSON is the function’s affair', async () => {
  const { send, events } = await aGateway();
  const response = await send('/v1/things', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"name":',
  });
  expect(response.status).toBe(200);
  expect(events[0]!.body).toBe('{"name":');
});

test.each([
  ['/v1/things', 'GET /v1/things', undefined],
  ['/v1/things/best', 'GET /v1/things/best', undefined],
  ['/v1/things/a%2Fb%C3%A9', 'GET /v1/things/{thing}', { thing: 'a/bé' }],
  ['/v1/things/best/parts/7', 'GET /v1/things/{thing}/parts/{part}', { thing: 'best', part: '7' }],
])('%s is the route %s', async (path, routeKey, pathParameters) => {
  const { send, events } = await aGateway();
  await send(path);
  expect(events[0]!.routeKey).toBe(routeKey);
  expect(events[0]!.pathParameters).toStrictEqual(pathParameters);
});

test.each([
  ['GET', '/'],
  ['GET', '/v1'],
  ['GET', '/v1/things/'],
  ['GET', '//v1/things'],
  ['GET', '/v1/things/../../healthz/x'],
  ['DELETE', '/v1/things'],
  ['OPTIONS', '/v1/things'],
  ['POST', '/healthz'],
])('%s %s is no route: not found, and no function is called', async (method, path) => {
  const { url, events, authorization } = await aGateway();
  const { status, body } = await raw(url, { method, path, headers: ['authorization', authorization] });
  expect(status).toBe(404);
  expect(problemSchema.parse(JSON.parse(body))).toMatchObject({ code: 'not_found' });
  expect(events).toStrictEqual([]);
});

test('HEAD is no route either, and its answer has no body', async () => {
  const { send } = await aGateway();
  const response = await send('/healthz', { method: 'HEAD' });
  expect(response.status).toBe(404);
  expect(await response.text()).toBe('');
});

test('a path that is not properly encoded is a bad request', async () => {
  const { send, events } = await aGateway();
  expect(await problemOf(await send('/v1/things/%E0%A4%A'))).toMatchObject({ code: 'invalid_request' });
  expect(events).toStrictEqual([]);
});

test('a public route needs no token and gets no claims', async () => {
  const { url, events } = await aGateway();
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect(events[0]!.requestContext).not.toHaveProperty('authorizer');
});

test.each([
  ['no token', undefined],
  ['another scheme', 'Basic eDp5'],
  ['an empty token', 'Bearer '],
  ['nonsense', 'Bearer a.b.c'],
  [
    'alg none',
    `Bearer ${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"tenantry_role":"platform-admin"}').toString('base64url')}.`,
  ],
])('%s is not authenticated, and no function is called', async (_, authorization) => {
  const { url, events } = await aGateway();
  const response = await fetch(`${url}/v1/things`, { headers: authorization === undefined ? {} : { authorization } });
  expect(response.headers.get('www-authenticate')).toBe('Bearer');
  expect(await problemOf(response)).toMatchObject({ status: 401, code: 'not_authenticated' });
  expect(events).toStrictEqual([]);
});

test('an expired token is not authenticated', async () => {
  const { url, tokens } = await aGateway();
  const token = await tokens.issue({ role: 'sales', minutes: -1 });
  const response = await fetch(`${url}/v1/things`, { headers: { authorization: `Bearer ${token}` } });
  expect(await problemOf(response)).toMatchObject({ code: 'not_authenticated' });
});

test('a token is taken as a bearer token only', async () => {
  const { url, tokens } = await aGateway();
  const token = await tokens.issue({ role: 'sales' });
  for (const authorization of [`Basic ${token}`, `MyBearer ${token}`, token, `Bearer ${token} ${token}`]) {
    const response = await fetch(`${url}/v1/things`, { headers: { authorization } });
    expect(await problemOf(response)).toMatchObject({ code: 'not_authenticated' });
  }
});

const twoMegabytes = 'x'.repeat(2_000_000);
const streamed = () =>
  new ReadableStream({
    start: (stream) => {
      stream.enqueue(new TextEncoder().encode(twoMegabytes));
      stream.close();
    },
  });

test.each([
  ['announced', () => ({ body: twoMegabytes })],
  ['in chunks of unknown number', () => ({ body: streamed(), duplex: 'half' })],
])('a body of 2 MB is too large, %s, and the connection stays good', async (_, body) => {
  const { send, events } = await aGateway();
  expect(
    await problemOf(await send('/v1/things', { method: 'POST', ...(body() as Pick<RequestInit, 'body'>) })),
  ).toMatchObject({
    status: 413,
    code: 'too_large',
  });
  expect(events).toStrictEqual([]);
  expect((await send('/v1/things')).status).toBe(200);
});

test('what nobody may send is refused although its body is still coming, and the connection stays good', async () => {
  const { url, send } = await aGateway();
  const sent = { method: 'POST', body: twoMegabytes };
  expect((await fetch(`${url}/v1/things`, sent)).status).toBe(401);
  expect((await fetch(`${url}/nowhere`, sent)).status).toBe(404);
  expect((await send('/v1/things')).status).toBe(200);
});

test('a client that leaves while it sends disturbs nobody', async () => {
  const { url, send, faults, authorization } = await aGateway();
  const headers = { authorization, 'content-length': '1000' };
  const leaving = httpRequest(`${url}/v1/things`, { method: 'POST', headers }).on('error', () => undefined);
  await new Promise((resolve) => leaving.write('half of it', resolve));
  leaving.destroy();
  expect((await send('/v1/things')).status).toBe(200);
  expect(faults).toStrictEqual([]);
});

test('the answer is the function’s: status, headers, cookies, bytes', async () => {
  const { send } = await aGateway(() => ({
    statusCode: 202,
    headers: { 'content-type': 'image/png', location: '/v1/things/1', 'x-count': 3 },
    cookies: ['a=1; HttpOnly', 'b=2'],
    body: Buffer.from([0, 255, 1]).toString('base64'),
    isBase64Encoded: true,
  }));
  const response = await send('/v1/things');
  expect(response.status).toBe(202);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'image/png',
    location: '/v1/things/1',
    'x-count': '3',
    'x-request-id': expect.any(String),
  });
  expect(response.headers.getSetCookie()).toStrictEqual(['a=1; HttpOnly', 'b=2']);
  expect([...(await response.bytes())]).toStrictEqual([0, 255, 1]);
});

test('a result without a status is a JSON body', async () => {
  const { send } = await aGateway(() => ({ hello: 'world' }));
  const response = await send('/v1/things');
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(await response.json()).toStrictEqual({ hello: 'world' });
});

test.each([
  [
    'fails',
    () => {
      throw new FunctionError('Error', 'password is 1234', ['at secret.ts:1']);
    },
  ],
  [
    'runs out of time',
    () => {
      throw new FunctionError('Sandbox.Timedout', 'Task timed out');
    },
  ],
  ['answers what is no answer', () => ({ statusCode: 'soon', headers: { 'set-cookie': 'x=1' } })],
])('a function that %s is an internal error that tells nothing of its inside', async (_, answer) => {
  const { send } = await aGateway(answer);
  const response = await send('/v1/things');
  expect(response.headers.getSetCookie()).toStrictEqual([]);
  const problem = await problemOf(response);
  expect(problem).toMatchObject({ status: 500, code: 'internal' });
  expect(JSON.stringify(problem)).not.toMatch(/1234|secret|timed out|soon/i);
});

test('more requests than may be under way are refused, to be tried again', async () => {
  const gate = Promise.withResolvers<object>();
  const { send, events } = await aGateway(() => gate.promise, { maxInFlight: 1 });
  const first = send('/v1/things');
  await expect.poll(() => events).toHaveLength(1);
  const second = await send('/v1/things');
  expect(second.headers.get('retry-after')).toBe('1');
  expect(await problemOf(second)).toMatchObject({ status: 429, code: 'rate_limited' });
  gate.resolve({ statusCode: 200 });
  expect((await first).status).toBe(200);
});

test('one tenant may have a quarter of the requests under way, and the others are served', async () => {
  const gate = Promise.withResolvers<object>();
  const { send, events, tokens } = await aGateway(() => gate.promise, { maxInFlight: 8 });
  const authorization = `Bearer ${await tokens.issue({ role: 'tenant-admin', tenant: 'acme' })}`;
  const flood = Array.from({ length: 5 }, () => send('/v1/things', { headers: { authorization } }));
  await expect.poll(() => events).toHaveLength(2);
  const other = send('/v1/things');
  await expect.poll(() => events).toHaveLength(3);
  gate.resolve({ statusCode: 200 });
  const refused = (await Promise.all(flood)).filter(({ status }) => status === 429);
  expect(refused).toHaveLength(3);
  expect((await other).status).toBe(200);
});

const scarce = { requestsPerSecond: 0.1, burst: 3 };
const ample = { requestsPerSecond: 1_000, burst: 1_000 };

test('all callers together have the limits of the stage', async () => {
  const { send } = await aGateway(undefined, { stageThrottle: scarce, publicRouteThrottle: ample });
  const statuses = [];
  for (let request = 0; request < 5; request += 1) statuses.push((await send('/v1/things')).status);
  expect(statuses).toEqual([200, 200, 200, 429, 429]);
});

test('a public route has limits of its own, since who calls it has none', async () => {
  const { send } = await aGateway(undefined, { stageThrottle: ample, publicRouteThrottle: scarce });
  const statuses = [];
  for (let request = 0; request < 5; request += 1) statuses.push((await send('/healthz')).status);
  expect(statuses).toEqual([200, 200, 200, 429, 429]);
  expect((await send('/v1/things')).status).toBe(200);
});

test('a fault of the gateway itself is reported', async () => {
  const { send, faults } = await aGateway(() => ({ statusCode: 'soon' }));
  await send('/v1/things');
  expect(faults).toHaveLength(1);
});

test('what is no route is offered to the rest of the local run', async () => {
  const { url } = await aGateway(undefined, {
    rest: (request, response) => {
      if (request.url !== '/console') return false;
      response.end('the console');
      return true;
    },
  });
  expect(await (await fetch(`${url}/console`)).text()).toBe('the console');
  expect((await fetch(`${url}/nowhere`)).status).toBe(404);
});

test('closing lets the requests under way be answered', async () => {
  const gate = Promise.withResolvers<object>();
  const { send, events, gateway } = await aGateway(() => gate.promise);
  const response = send('/v1/things');
  await expect.poll(() => events).toHaveLength(1);
  const closed = gateway.close();
  await sleep(5);
  gate.resolve({ statusCode: 200 });
  expect((await response).status).toBe(200);
  await closed;
  await expect(send('/v1/things')).rejects.toThrow('fetch failed');
});

test('a port that is taken is told as the system tells it', async () => {
  const { url } = await aGateway();
  const { gateway } = await aGateway();
  await expect(gateway.listen(Number(new URL(url).port))).rejects.toMatchObject({
    code: expect.stringMatching(/EADDRINUSE|ERR_SERVER_ALREADY_LISTEN/),
  });
});

test('every route of the contract has its function, and one without is refused', () => {
  expect(routesOf({ routes: contractRoutes, functions: functionSpecs })).toHaveLength(routeTable.length);
  expect(() => routesOf({ routes: contractRoutes, functions: {} })).toThrow(/No function of the manifest serves/);
});
