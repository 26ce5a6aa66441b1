import * as oauth from 'oauth4webapi';
import * as z from 'zod';
import { signedInPath } from '#core/contract/api/console.ts';
import type { IssuedToken, Issuer } from './issuer.ts';

interface OidcOptions {
  issuer: string;
  clientId: string;
  scope: string;
}

export interface OidcIssuer extends Issuer {
  /** Redirects to the issuer; `returnTo` is the path to return to. */
  leaveToSignIn(returnTo: string): Promise<void>;
}

const pendingSchema = z.object({ state: z.string(), verifier: z.string(), returnTo: z.string() });
const pending = 'tenantry-sign-in';

/** The state of a pending sign-in, valid once and in this tab, with the code that the issuer returns. */
const takePending = () => {
  const text = sessionStorage.getItem(pending);
  sessionStorage.removeItem(pending);
  return text === null ? undefined : pendingSchema.parse(JSON.parse(text));
};

/** Any OpenID Connect issuer, by authorization code with PKCE; the refresh token is also held in memory only. */
export const oidcIssuer = ({ issuer, clientId, scope }: OidcOptions): OidcIssuer => {
  const client: oauth.Client = { client_id: clientId };
  const redirectUri = location.origin + signedInPath;
  const issuerUrl = new URL(issuer);
  // An issuer on this machine has no certificate.
  const transport = { [oauth.allowInsecureRequests]: issuerUrl.hostname === '127.0.0.1' };
  const session: { refreshToken?: string; server?: Promise<oauth.AuthorizationServer> } = {};

  const discover = async () =>
    oauth.processDiscoveryResponse(issuerUrl, await oauth.discoveryRequest(issuerUrl, transport));
  const server = () => {
    session.server ??= discover();
    return session.server;
  };

  const storeTokens = (answer: oauth.TokenEndpointResponse): IssuedToken => {
    if (answer.refresh_token !== undefined) session.refreshToken = answer.refresh_token;
    return { token: answer.access_token, expiresAt: Date.now() + (answer.expires_in ?? 300) * 1000 };
  };

  const redeem = async ({ state, verifier, returnTo }: z.infer<typeof pendingSchema>) => {
    const as = await server();
    const code = oauth.validateAuthResponse(as, client, new URL(location.href), state);
    const answer = await oauth.authorizationCodeGrantRequest(
      as,
      client,
      oauth.None(),
      code,
      redirectUri,
      verifier,
      transport,
    );
    const token = storeTokens(await oauth.processAuthorizationCodeResponse(as, client, answer));
    history.replaceState(null, '', returnTo);
    return token;
  };

  return {
    resume: async () => {
      const begun = takePending();
      return begun && location.pathname === signedInPath ? redeem(begun) : undefined;
    },
    renew: async () => {
      if (session.refreshToken === undefined) throw new Error('The issuer returned no refresh token.');
      const as = await server();
      const answer = await oauth.refreshTokenGrantRequest(as, client, oauth.None(), session.refreshToken, transport);
      return storeTokens(await oauth.processRefreshTokenResponse(as, client, answer));
    },
    leaveToSignIn: async (returnTo) => {
      const { authorization_endpoint: endpoint } = await server();
      if (endpoint === undefined) throw new Error('The issuer has no authorization endpoint.');
      const verifier = oauth.generateRandomCodeVerifier();
      const state = oauth.generateRandomState();
      sessionStorage.setItem(pending, JSON.stringify({ state, verifier, returnTo }));
      leaveFor(endpoint, {
        client_id: clientId,
        redirect_uri: redirectUri,
        response_type: 'code',
        scope,
        state,
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      });
    },
    signOut: async () => {
      delete session.refreshToken;
      const { end_session_endpoint: endpoint } = await server();
      // Cognito and the standard name the return parameter differently.
      const back = { logout_uri: redirectUri, post_logout_redirect_uri: redirectUri };
      if (endpoint !== undefined) leaveFor(endpoint, { client_id: clientId, ...back });
    },
  };
};

const leaveFor = (endpoint: string, parameters: Record<string, string>) => {
  const url = new URL(endpoint);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  location.assign(url);
};
