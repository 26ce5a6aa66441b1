import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { generateKeyPair, SignJWT } from 'jose';

export const clientId = 'console-of-the-tests';

interface Begun {
  challenge: string;
  redirectUri: string;
}

export interface Issuer {
  url: string;
  /** The grants it was asked for, in their order. */
  grants: string[];
  close(): void;
}

interface IssuerOptions {
  /** An access token that the API takes. */
  accessToken: () => Promise<string>;
  /** How long it says that its tokens last, in seconds. */
  seconds: number;
}

const send = (response: ServerResponse, status: number, body: unknown) => {
  response.writeHead(status, { 'content-type': 'application/json', 'access-control-allow-origin': '*' });
  response.end(JSON.stringify(body));
};

/** An OpenID Connect issuer at which everybody is signed in already: discovery, authorization code with PKCE, refresh. */
export const startIssuer = async ({ accessToken, seconds }: IssuerOptions): Promise<Issuer> => {
  const { privateKey } = await generateKeyPair('RS256');
  const begun = new Map<string, Begun>();
  const refreshTokens = new Set<string>();
  const grants: string[] = [];
  let url = '';

  const tokens = async () => {
    const refreshToken = randomUUID();
    refreshTokens.add(refreshToken);
    return {
      access_token: await accessToken(),
      token_type: 'Bearer',
      expires_in: seconds,
      refresh_token: refreshToken,
      id_token: await new SignJWT({})
        .setProtectedHeader({ alg: 'RS256' })
        .setIssuer(url)
        .setAudience(clientId)
        .setSubject('somebody')
        .setIssuedAt()
        .setExpirationTime('5m')
        .sign(privateKey),
    };
  };

  const authorize = (query: URLSearchParams, response: ServerResponse) => {
    const code = randomUUID();
    const redirectUri = query.get('redirect_uri') ?? '';
    begun.set(code, { challenge: query.get('code_challenge') ?? '', redirectUri });
    const back = new URL(redirectUri);
    back.searchParams.set('code', code);
    back.searchParams.set('state', query.get('state') ?? '');
    response.writeHead(302, { location: back.href }).end();
  };

  const redeem = async (form: URLSearchParams, response: ServerResponse) => {
    const grant = form.get('grant_type') ?? '';
    grants.push(grant);
    if (grant === 'refresh_token') {
      const isKnown = refreshTokens.delete(form.get('refresh_token') ?? '');
      return isKnown ? send(response, 200, await tokens()) : send(response, 400, { error: 'invalid_grant' });
    }
    const code = form.get('code') ?? '';
    const asked = begun.get(code);
    begun.delete(code);
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (asked?.challenge !== challenge || asked.redirectUri !== form.get('redirect_uri')) {
      return send(response, 400, { error: 'invalid_grant' });
    }
    return send(response, 200, await tokens());
  };

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { pathname, searchParams } = new URL(request.url ?? '', url);
    if (pathname === '/.well-known/openid-configuration') {
      return send(response, 200, {
        issuer: url,
        authorization_endpoint: `${url}/authorize`,
        token_endpoint: `${url}/token`,
        end_session_endpoint: `${url}/logout`,
        code_challenge_methods_supported: ['S256'],
        id_token_signing_alg_values_supported: ['RS256'],
      });
    }
    if (pathname === '/authorize') return authorize(searchParams, response);
    if (pathname === '/token') return redeem(new URLSearchParams(await text(request)), response);
    if (pathname === '/logout') {
      return response.writeHead(302, { location: searchParams.get('post_logout_redirect_uri') ?? '/' }).end();
    }
    return send(response, 404, {});
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => send(response, 500, { error: String(error) }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, grants, close: () => server.close() };
};
