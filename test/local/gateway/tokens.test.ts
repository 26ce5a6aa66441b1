import { createHmac } from 'node:crypto';
import { decodeJwt, exportJWK, generateKeyPair, importJWK, SignJWT } from 'jose';
import { expect, onTestFinished, test } from 'vitest';
import { openState } from '#local/state.ts';
import { setClock } from '#stores/aws/clock.ts';
import { anIssuer, audience, issuer, theIssuer } from './gateway-builder.ts';

test('a token says who it is for: the same role and tenant are the same subject', async () => {
  const { issue, verify } = await theIssuer;
  expect(await verify(await issue({ role: 'sales' }))).toMatchObject({
    iss: issuer,
    aud: audience,
    sub: 'local-sales',
    tenantry_role: 'sales',
  });
  expect(await verify(await issue({ role: 'tenant-admin', tenant: 'acme' }))).toMatchObject({
    sub: 'local-tenant-admin-tn_1',
    tenantry_role: 'tenant-admin',
    tenantry_tenant: 'tn_1',
  });
});

test('two people of one platform role are told apart by their names', async () => {
  const { issue, verify } = await theIssuer;
  expect(await verify(await issue({ role: 'platform-admin', name: 'grace' }))).toMatchObject({
    sub: 'local-platform-admin-grace',
    tenantry_role: 'platform-admin',
  });
  await expect(issue({ role: 'tenant-admin', tenant: 'acme', name: 'grace' })).rejects.toMatchObject({
    code: 'invalid_request',
  });
});

test("a user's token says what its record says, whatever is asked for beside it", async () => {
  const { issue, verify } = await theIssuer;
  expect(await verify(await issue({ user: 'ada@acme.example' }))).toMatchObject({
    sub: 'local-ada@acme.example',
    tenantry_role: 'tenant-admin',
    tenantry_tenant: 'tn_1',
    tenantry_user: 'ada@acme.example',
  });
});

test('a token is good for the minutes asked for', async () => {
  const { issue } = await theIssuer;
  const { exp = 0, iat = 0 } = decodeJwt(await issue({ role: 'sales', minutes: 5 }));
  expect(exp - iat).toBe(300);
});

test("a token expires by the platform's clock, and is issued by it", async () => {
  onTestFinished(() => setClock(() => Date.now()));
  const { issue, verify } = await theIssuer;
  const old = await issue({ role: 'sales' });
  setClock(() => Date.now() + 86_400_000);
  await expect(verify(old)).rejects.toThrow(/./);
  expect(await verify(await issue({ role: 'sales' }))).toMatchObject({ sub: 'local-sales' });
});

test('a token outlives a restart, with the key kept', async () => {
  const state = await openState();
  const token = await (await anIssuer({ state })).issue({ role: 'sales' });
  const restarted = await anIssuer({ state });
  expect(await restarted.verify(token)).toMatchObject({ sub: 'local-sales' });
});

test('only the public half of the key is shown', async () => {
  const { jwks } = await theIssuer;
  expect(Object.keys(jwks.keys[0]!).toSorted()).toStrictEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
});

test.each([
  [{}, '/role'],
  [{ role: 'king' }, '/role'],
  [{ role: 'sales', user: 'ada@acme.example' }, '/role'],
  [{ user: 'eve@acme.example' }, '/user'],
  [{ role: 'tenant-admin' }, '/tenant'],
  [{ role: 'sales', tenant: 'acme' }, '/tenant'],
  [{ role: 'tenant-admin', tenant: 'nobody' }, '/tenant'],
  [{ role: 'sales', minutes: 'many' }, '/minutes'],
  [{ role: 'sales', admin: true }, '/admin'],
])('a token that makes no sense is not issued: %j', async (request, path) => {
  const { issue } = await theIssuer;
  await expect(issue(request)).rejects.toMatchObject({
    code: 'invalid_request',
    errors: expect.arrayContaining([expect.objectContaining({ path })]),
  });
});

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Tokens that look right and are not, each made by someone who has the public keys. */
const forgeries = async () => {
  const tokens = await theIssuer;
  const [publicKey] = tokens.jwks.keys;
  const good = await tokens.issue({ role: 'sales' });
  const [header, , signature] = good.split('.');
  const claims = decodeJwt(good);
  const raised = encoded({ ...claims, tenantry_role: 'platform-admin' });
  const { privateKey: foreignKey } = await generateKeyPair('RS256', { extractable: true });
  const foreign = new SignJWT({ ...claims }).setProtectedHeader({ alg: 'RS256', kid: publicKey!.kid! });
  const stranger = new SignJWT({ ...claims }).setProtectedHeader({ alg: 'RS256', kid: 'another' });
  const hmacHead = encoded({ alg: 'HS256', kid: publicKey!.kid });
  const hmacSecret = JSON.stringify(await exportJWK(await importJWK(publicKey!, 'RS256')));
  const hmac = createHmac('sha256', hmacSecret).update(`${hmacHead}.${raised}`).digest('base64url');
  const state = await openState();
  const elsewhere = await anIssuer({ state, issuer: 'http://127.0.0.1:1/_local' });
  const forOthers = await anIssuer({ state, audience: 'another-api' });
  const same = await anIssuer({ state });
  return {
    same,
    tokens,
    good,
    own: {
      'another issuer': await elsewhere.issue({ role: 'sales' }),
      'another audience': await forOthers.issue({ role: 'sales' }),
    },
    forged: {
      'alg none': `${encoded({ alg: 'none', kid: publicKey!.kid })}.${raised}.`,
      'alg none, signature kept': `${encoded({ alg: 'none', kid: publicKey!.kid })}.${raised}.${signature}`,
      'claims changed': `${header}.${raised}.${signature}`,
      'another key under the same id': await foreign.sign(foreignKey),
      'a key nobody knows': await stranger.sign(foreignKey),
      'HMAC with the public key': `${hmacHead}.${raised}.${hmac}`,
      'signature cut off': `${header}.${encoded(claims)}.`,
      expired: await tokens.issue({ role: 'sales', minutes: -1 }),
      'no token at all': 'hello',
    },
  };
};

test('every forged, expired or misdirected token is refused', async () => {
  const { tokens, same, good, forged, own } = await forgeries();
  expect(await tokens.verify(good)).toMatchObject({ sub: 'local-sales' });
  for (const [name, token] of Object.entries(forged)) await expect(tokens.verify(token), name).rejects.toThrow(/./);
  for (const [name, token] of Object.entries(own)) await expect(same.verify(token), name).rejects.toThrow(/./);
});
