import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { environment, tenantTag } from '#core/contract/platform/names.ts';
import { tenantSessionSeconds } from '#core/contract/platform/tenant-scope.ts';
import { type TenantCredentials, withCredentials } from './clients.ts';
import { now } from './clock.ts';
import { setting } from './environment.ts';
import { TtlCache } from './ttl-cache.ts';

interface Session {
  credentials: TenantCredentials;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

/** Sessions are renewed this long before they expire. */
const renewMs = 300_000;
/** STS allows 64 characters for the name under which CloudTrail shows a session. */
const longestSessionName = 64;

const sts = /* @__PURE__ */ new STSClient();
const sessions = /* @__PURE__ */ new TtlCache<Session>({
  ttlMs: tenantSessionSeconds * 1_000,
  maxKeys: 1_000,
  isValid: ({ expiresAt }) => now() < expiresAt - renewMs,
});

/**
 * Runs `work` so that every table read uses credentials that reach this tenant alone: a wrong key or index ends in
 * AccessDenied, not in another tenant's data. Credentials are cached per tenant until shortly before they expire. Their
 * session is named after the tenant and the request that opened it.
 */
export const inTenantScope = async <T>(tenantId: string, requestId: string, work: () => Promise<T>): Promise<T> => {
  const { credentials } = await sessions.get(tenantId, () => openSession(tenantId, requestId));
  return withCredentials(credentials, work);
};

/** Whether a call failed because the tenant's sessions are revoked: only `session-revocation.ts` denies them explicitly. */
export const isRevoked = (error: unknown): boolean =>
  error instanceof Error &&
  error.name === 'AccessDeniedException' &&
  error.message.includes('explicit deny in an identity-based policy');

const openSession = async (tenantId: string, requestId: string): Promise<Session> => {
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
    throw new Error(`STS returned no credentials for ${tenantId}.`);
  }
  return {
    credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
    expiresAt: Expiration.getTime(),
  };
};
