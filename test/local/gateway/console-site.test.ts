import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { consoleConfigSchema, consoleHeaders } from '#core/contract/api/console.ts';
import { consoleSite } from '#local/console/site.ts';

let server: Server;
let folder: string;
let url: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenantry-pages-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Tenantry</title>');
  await writeFile(join(folder, 'assets', 'main-abc.js'), 'export {};');
  const site = await consoleSite(folder, {
    apiUrl: '/',
    signIn: { kind: 'local' },
    tiers: { starter: { isolation: 'pool', description: 'Shared' } },
    regions: ['us-east-1'],
  });
  server = createServer((request, response) => {
    if (!site(request, response)) response.writeHead(404).end('not of the console');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

const typed = { accept: 'text/html,application/xhtml+xml' };
const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(url + path, { headers, method });

test.for(['/', '/tenants/acme', '/signed-in?code=1', '/flags/new.checkout'])(
  'whoever types %s gets the page, with the headers that guard it',
  async (path) => {
    const answer = await ask(path, typed);
    expect(await answer.text()).toContain('<title>Tenantry</title>');
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      ...consoleHeaders([]),
      'cache-control': 'no-cache',
      'content-type': 'text/html; charset=utf-8',
    });
  },
);

test('built files may be kept for good', async () => {
  const answer = await ask('/assets/main-abc.js');
  expect(answer.headers.get('cache-control')).toContain('immutable');
  expect(answer.headers.get('content-type')).toContain('text/javascript');
});

test('the configuration is a file beside the pages', async () => {
  expect(consoleConfigSchema.parse(await (await ask('/config.json')).json()).signIn).toEqual({ kind: 'local' });
});

test.for([
  { path: '/v1/no-such-route', headers: typed },
  { path: '/_local/no-such-route', headers: typed },
  { path: '/ofrep/v1/no-such-route', headers: typed },
  { path: '/tenants/acme', headers: { accept: 'application/json' } },
  { path: '/assets/gone.js', headers: {} },
  { path: '/../package.json', headers: {} },
])('$path of a program is not answered by the console', async ({ path, headers }) => {
  expect(await (await ask(path, headers)).text()).toBe('not of the console');
});

test('nothing can be sent to it', async () => {
  expect((await ask('/', typed, 'POST')).status).toBe(404);
});
