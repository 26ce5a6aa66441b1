import { request as httpRequest } from 'node:http';
import { expect, test } from 'vitest';
import { problemSchema } from '#core/contract/api/http.ts';
import { FaultRegistry } from '#local/aws/lambda/faults.ts';
import { VirtualClock } from '#local/clock.ts';
import { controlRoutes } from '#local/gateway/control.ts';
import { controlTable } from '#local/gateway/control-routes.ts';
import { openState } from '#local/state.ts';
import { aGateway, theIssuer } from './gateway-builder.ts';

const aControl = async () => {
  const tokens = await theIssuer;
  const faults = new FaultRegistry(['provision']);
  const clock = new VirtualClock(await openState());
  const bugs: unknown[] = [];
  const table = {
    ...controlTable({ tokens, faults, clock }),
    'GET /_local/broken': () => {
      throw new Error('a bug with a secret');
    },
  } as const;
  const rest = controlRoutes(table, (bug) => bugs.push(bug));
  const { url } = await aGateway(undefined, { rest });
  const send = (method: string, path: string, body?: unknown, headers = {}) =>
    fetch(`${url}/_local/${path}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
  return { url, send, faults, clock, bugs };
};

test('a token got here opens the API, and its keys are shown', async () => {
  const { url, send } = await aControl();
  const { token } = (await (await send('POST', 'token', { role: 'sales' })).json()) as { token: string };
  const opened = await fetch(`${url}/v1/things`, { headers: { authorization: `Bearer ${token}` } });
  expect(opened.status).toBe(200);
  const jwks = await (await send('GET', '.well-known/jwks.json')).json();
  expect(jwks).toMatchObject({ keys: [{ kty: 'RSA', alg: 'RS256' }] });
});

test('faults are added, listed and cleared', async () => {
  const { send } = await aControl();
  const fault = { function: 'provision', kind: 'aws', operation: 'PutItem', error: 'ThrottlingException', times: 2 };
  expect((await send('POST', 'faults', fault)).status).toBe(200);
  expect(await (await send('GET', 'faults')).json()).toStrictEqual({ items: [fault] });
  expect((await send('DELETE', 'faults')).status).toBe(204);
  expect(await (await send('GET', 'faults')).json()).toStrictEqual({ items: [] });
});

test('the clock jumps ahead and runs what is due', async () => {
  const { send, clock } = await aControl();
  const ran: string[] = [];
  clock.after(3_600_000, () => ran.push('an hour later'));
  const { now: before } = (await (await send('GET', 'clock')).json()) as { now: string };
  const { now: after } = (await (await send('POST', 'clock', { advanceSeconds: 3601 })).json()) as { now: string };
  expect(Date.parse(after) - Date.parse(before)).toBeGreaterThanOrEqual(3_601_000);
  expect(ran).toStrictEqual(['an hour later']);
});

test.each([
  ['POST', 'token', { role: 'king' }, 'invalid_request', '/role'],
  ['POST', 'faults', { function: 'nobody', kind: 'throw' }, 'invalid_request', '/function'],
  ['POST', 'clock', { advanceSeconds: -1 }, 'invalid_request', '/advanceSeconds'],
  ['POST', 'clock', { advanceSeconds: 1e12 }, 'invalid_request', '/advanceSeconds'],
])('%s %s %j is refused at its field', async (method, path, body, code, field) => {
  const { send } = await aControl();
  const problem = problemSchema.parse(await (await send(method, path, body)).json());
  expect(problem).toMatchObject({ code, errors: [{ path: field }] });
});

test('what is not JSON or no control route is refused in clear words', async () => {
  const { url, send } = await aControl();
  const bad = await fetch(`${url}/_local/token`, { method: 'POST', body: '{' });
  expect(await bad.json()).toMatchObject({ code: 'invalid_request', detail: 'The body is not JSON.' });
  const lost = await send('PUT', 'faults');
  expect(await lost.json()).toMatchObject({
    code: 'not_found',
    detail: expect.stringContaining('POST /_local/faults'),
  });
});

test('a bug is reported, and tells the caller nothing', async () => {
  const { send, bugs } = await aControl();
  const response = await send('GET', 'broken');
  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain('secret');
  expect(bugs).toHaveLength(1);
});

const statusWith = async (url: string, headers: Record<string, string>) => {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  httpRequest(`${url}/_local/faults`, { headers }, (response) => {
    response.resume();
    resolve(response.statusCode ?? 0);
  })
    .on('error', reject)
    .end();
  return promise;
};

test('only names of loopback are served: no page of the web gets in by a name that leads here', async () => {
  const { url } = await aControl();
  const { port } = new URL(url);
  expect(await statusWith(url, { host: `localhost:${port}` })).toBe(200);
  expect(await statusWith(url, { host: `127.0.0.1:${port}`, origin: `http://localhost:${port}` })).toBe(200);
  expect(await statusWith(url, { host: `evil.example:${port}` })).toBe(403);
  expect(await statusWith(url, { host: `127.0.0.1.evil.example` })).toBe(403);
  expect(await statusWith(url, { host: `localhost:${port}`, origin: 'https://evil.example' })).toBe(403);
  expect(await statusWith(url, { host: `localhost:${port}`, origin: 'null' })).toBe(403);
  expect(await statusWith(url, { host: `localhost:${port}`, 'sec-fetch-site': 'cross-site' })).toBe(403);
});
