import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { environment, tenantTag } from '#core/contract/names.ts';
import { documents, marshallOptions, tenantDocuments } from './clients.ts';
import { setting } from './environment.ts';

interface Scope {
  client: Promise<DynamoDBDocumentClient>;
  /** Milliseconds since 1970. */
  renewAt: number;
}

/** A role that is assumed from another role lasts an hour at most (IAM user guide, role chaining). */
const sessionSeconds = 3_600;
const renewMs = 300_000;
/** Tenants that one copy of a function keeps credentials of; beyond that those opened longest ago are let go. */
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
export const inTenantScope = async <T>(tenantId: string, requestId: string, work: () => Promise<T>): Promise<T> => {
  return tenantDocuments.run(await clientOf(tenantId, requestId), work);
};

const clientOf = (tenantId: string, requestId: string): Promise<DynamoDBDocumentClient> => {
  const known = scopes.get(tenantId);
  if (known && Date.now() < known.renewAt) return known.client;
  const scope: Scope = {
    // Whoever comes while it is being opened waits for the same one.
    renewAt: Number.POSITIVE_INFINITY,
    client: openSession(tenantId, requestId).then(({ client, renewAt }) => {
      scope.renewAt = renewAt;
      return client;
    }),
  };
  scopes.delete(tenantId);
  scopes.set(tenantId, scope);
  const [oldest] = scopes.keys();
  if (scopes.size > mostScopes && oldest !== undefined) scopes.delete(oldest);
  scope.client.catch(() => scopes.get(tenantId) === scope && scopes.delete(tenantId));
  return scope.client;
};

const openSession = async (tenantId: string, requestId: string) => {
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: setting(environment.tenantRoleArn),
      RoleSessionName: `${tenantId}@${requestId}`.replaceAll(/[^\w+=,.@-]/g, '-').slice(0, longestSessionName),
      DurationSeconds: sessionSeconds,
      Tags: [{ Key: tenantTag, Value: tenantId }],
    }),
  );
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) {
    throw new Error(`STS gave no credentials for ${tenantId}.`);
  }
  const client = new DynamoDBClient({
    credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
    // The sockets are shared with the function's own client: what differs is who signs.
    requestHandler: documents.config.requestHandler,
  });
  return {
    client: DynamoDBDocumentClient.from(client, { marshallOptions }),
    renewAt: Expiration.getTime() - renewMs,
  };
};
