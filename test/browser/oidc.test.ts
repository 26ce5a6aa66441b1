import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { config } from '#config';
import { consoleChoices } from '#core/contract/api/console.ts';
import { builtConsole } from '#local/console/build.ts';
import { consoleSite } from '#local/console/site.ts';
import { clientId, type Issuer, startIssuer } from './issuer.ts';
import { complaints, stage } from './stage.ts';

const set = stage();
let issuer: Issuer;
let server: Server;
let url: string;
let role: 'platform-admin' | 'sales' = 'platform-admin';

/** The API's answer, as if it stood behind the same name. */
const forward = async ({ url: path = '', headers }: IncomingMessage, response: ServerResponse) => {
  const answer = await fetch(set.system.url + path, { headers: { authorization: headers.authorization ?? '' } });
  response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
  response.end(await answer.text());
};

/** The console as it is deployed: its pages on one origin, people at an issuer on another. */
beforeAll(async () => {
  // A second longer than the margin at which tokens are renewed.
  issuer = await startIssuer({ accessToken: () => set.system.token(role), seconds: 62 });
  const site = await consoleSite(await builtConsole(join(import.meta.dirname, '../..')), {
    apiUrl: '/',
    signIn: { kind: 'oidc', issuer: issuer.url, clientId, scope: 'openid email' },
    ...consoleChoices(config),
  });
  server = createServer((request, response) => {
    if (site(request, response)) return;
    forward(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.close();
  issuer.close();
});

test('people sign in at the issuer, come back to where they were, are renewed without noticing, and sign out', async () => {
  const page = await set.page();
  await page.goto(`${url}/tenants?tier=growth`);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Tenants' }).waitFor();
  expect(page.url()).toBe(`${url}/tenants?tier=growth`);
  expect(issuer.grants).toEqual(['authorization_code']);

  await expect.poll(() => issuer.grants.length, { timeout: 20_000 }).toBeGreaterThan(1);
  expect(new Set(issuer.grants.slice(1))).toEqual(new Set(['refresh_token']));
  await page.getByRole('link', { name: 'Fleet' }).first().click();
  await page.getByRole('heading', { name: 'Fleet' }).waitFor();
  expect(await page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])')).toBe(
    '[{},{},""]',
  );

  await page.getByRole('button', { name: 'Signed in as platform-admin' }).first().click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.waitForURL(`${url}/signed-in`);
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  expect(complaints.get(page)).toEqual([]);
});

test('a code that nobody here asked for signs nobody in', async () => {
  role = 'sales';
  const page = await set.page();
  await page.goto(`${url}/signed-in?code=stolen&state=made-up`);
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  expect(issuer.grants.filter((grant) => grant === 'authorization_code')).toHaveLength(1);
});
