import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { environment, tenantTag } from '#core/contract/platform/names.ts';
import { tenantSessionSeconds } from '#core/contract/platform/tenant-scope.ts';
import { type TenantCredentials, withCredentials } from './clients.ts';
import { now } from './clock.ts';
import { setting } from './environment.ts';

interface Scope {
  opening: Promise<TenantCredentials>;
  /** Once they are there. */
  credentials: TenantCredentials | undefined;
  /** Milliseconds since 1970. */
  renewAt: number;
}

const renewMs = 300_000;
/** Tenants that one copy of a function keeps credentials of; beyond that the oldest are dropped. */
const mostScopes = 1_000;
/** STS takes 64 characters for the name under which CloudTrail shows a session. */
const longestSessionName = 64;

const sts = /* @__PURE__ */ new STSClient();
const scopes = /* @__PURE__ */ new Map<string, Scope>();

/**
 * Runs `work` so that every read of the tables goes by credentials that reach this tenant alone: a mistake in a key or
 * an index ends in AccessDenied, not in another tenant's data. Credentials are kept for the tenant until shortly before
 * they expire; their session is named by the tenant and the request that opened it.
 */
export const inTenantScope = <T>(tenantId: string, requestId: string, work: () => Promise<T>): Promise<T> => {
  const { credentials, opening } = scopeOf(tenantId, requestId);
  if (credentials) return withCredentials(credentials, work);
  return opening.then((opened) => withCredentials(opened, work));
};

/** Whether a call failed since the tenant's sessions are revoked: `session-revocation.ts` alone denies them anything. */
export const isRevoked = (error: unknown): boolean =>
  error instanceof Error &&
  error.name === 'AccessDeniedException' &&
  error.message.includes('explicit deny in an identity-based policy');

const scopeOf = (tenantId: string, requestId: string): Scope => {
  const known = scopes.get(tenantId);
  if (known && now() < known.renewAt) return known;
  const scope: Scope = {
    // Requests that come while it is being opened share it.
    renewAt: Number.POSITIVE_INFINITY,
    credentials: undefined,
    opening: openSession(tenantId, requestId).then(({ credentials, renewAt }) => {
      scope.renewAt = renewAt;
      scope.credentials = credentials;
      return credentials;
    }),
  };
  scopes.delete(tenantId);
  scopes.set(tenantId, scope);
  const [oldest] = scopes.keys();
  if (scopes.size > mostScopes && oldest !== undefined) scopes.delete(oldest);
  scope.opening.catch(() => scopes.get(tenantId) === scope && scopes.delete(tenantId));
  return scope;
};

const openSession = async (tenantId: string, requestId: string) => {
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: setting(environment.tenantRoleArn),
      RoleSessionName: `${tenantId}@${requestId}`.replaceAll(/[^\w+=,.@-]/g, '-').slice(0, longestSessionName),
      DurationSeconds: tenantSessionSeconds,
      Tags: [{ Key: tenantTag, Value: tenantId }],
    }),
  );
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) {
    throw new Error(`STS gave no credentials for ${tenantId}.`);
  }
  return {
    credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
    renewAt: Expiration.getTime() - renewMs,
  };
};
