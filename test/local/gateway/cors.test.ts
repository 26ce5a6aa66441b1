import { expect, test } from 'vitest';
import { securityHeaders } from '#core/contract/api/http.ts';
import { aGateway } from './gateway-builder.ts';

const console = 'https://console.example.com';
const webOrigins = [console];
const preflight = (url: string, origin: string) =>
  fetch(`${url}/v1/things`, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
  });

test("a page of the console's origin may call the API, and read what it is told", async () => {
  const { url, authorization } = await aGateway(undefined, { webOrigins });
  const asked = await preflight(url, console);
  expect(asked.status).toBe(204);
  expect(asked.headers.get('access-control-allow-origin')).toBe(console);
  expect(asked.headers.get('access-control-allow-headers')).toContain('authorization');
  const answer = await fetch(`${url}/v1/things`, { headers: { origin: console, authorization } });
  expect(answer.headers.get('access-control-allow-origin')).toBe(console);
  expect(answer.headers.get('access-control-expose-headers')).toContain('etag');
  const refused = await fetch(`${url}/v1/things`, { headers: { origin: console } });
  expect(refused.status).toBe(401);
  expect(refused.headers.get('access-control-allow-origin')).toBe(console);
});

test.each(['https://console.example.com.evil.example', 'http://console.example.com', 'null', 'https://evil.example'])(
  'a page of %s may not',
  async (origin) => {
    const { url, authorization } = await aGateway(undefined, { webOrigins });
    for (const answer of [
      await preflight(url, origin),
      await fetch(`${url}/v1/things`, { headers: { origin, authorization } }),
    ]) {
      expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
    }
  },
);

test('a refusal of the gateway itself says how it may be used: by nobody for anything else', async () => {
  const { url } = await aGateway();
  for (const path of ['/v1/things', '/nowhere']) {
    const { headers } = await fetch(`${url}${path}`);
    for (const [name, value] of Object.entries(securityHeaders)) expect(headers.get(name)).toBe(value);
  }
});

test('no answer holds a stack trace', async () => {
  const { url, authorization } = await aGateway(() => {
    throw new Error('hunter2');
  });
  const answer = await fetch(`${url}/v1/things`, { headers: { authorization } });
  expect(answer.status).toBe(500);
  expect(await answer.text()).not.toMatch(/hunter2|\.ts\b|\\n/);
});
