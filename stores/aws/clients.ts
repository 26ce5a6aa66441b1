import { AsyncLocalStorage } from 'node:async_hooks';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

const marshallOptions = { removeUndefinedValues: true };

/** The SDK copies what each call asked and was answered for a log that nobody keeps, a twentieth of its work. */
const unlogged = <Client extends { middlewareStack: { remove(name: string): boolean } }>(client: Client): Client => {
  client.middlewareStack.remove('loggerMiddleware');
  return client;
};

/**
 * One client a service for the whole process: the endpoint and region come from the environment. Marked pure, so that
 * a bundle holds only the clients its function uses.
 */
export const documents = /* @__PURE__ */ DynamoDBDocumentClient.from(/* @__PURE__ */ unlogged(new DynamoDBClient()), {
  marshallOptions,
});
export const secrets = /* @__PURE__ */ unlogged(new SecretsManagerClient());
export const events = /* @__PURE__ */ unlogged(new EventBridgeClient());
export const states = /* @__PURE__ */ unlogged(new SFNClient());
export const queues = /* @__PURE__ */ unlogged(new SQSClient());
export const objects = /* @__PURE__ */ unlogged(new S3Client());
export const identities = /* @__PURE__ */ unlogged(new CognitoIdentityProviderClient());

/** Credentials of the one tenant that the work going on here is confined to; see `tenant-scope.ts`. */
export interface TenantCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
}

const tenantCredentials = /* @__PURE__ */ new AsyncLocalStorage<TenantCredentials | undefined>();

/** Runs `work` confined to what these credentials reach. */
export const withCredentials = <T>(credentials: TenantCredentials, work: () => Promise<T>): Promise<T> =>
  tenantCredentials.run(credentials, work);

/** Runs `work` by the function's own role: for what is shared by all tenants, or known of others. */
export const outsideTenantScope = <T>(work: () => Promise<T>): Promise<T> => tenantCredentials.run(undefined, work);

/** The function's own client, or one that signs with the tenant's credentials: made once for each of those. */
const inScope = <Client extends object>(own: Client, ofTenant: (credentials: TenantCredentials) => Client) => {
  const made = new WeakMap<TenantCredentials, Client>();
  return (): Client => {
    const credentials = tenantCredentials.getStore();
    if (!credentials) return own;
    const client = made.get(credentials) ?? ofTenant(credentials);
    made.set(credentials, client);
    return client;
  };
};

// A tenant's clients share the sockets of the function's own: what differs is who signs.

/** For reads of what may be a tenant's: where the work is confined to a tenant, by that tenant's credentials. */
export const reader = /* @__PURE__ */ inScope(documents, (credentials) =>
  DynamoDBDocumentClient.from(
    unlogged(new DynamoDBClient({ credentials, requestHandler: documents.config.requestHandler })),
    { marshallOptions },
  ),
);

/** The same for Secrets Manager. */
export const secretsReader = /* @__PURE__ */ inScope(secrets, (credentials) =>
  unlogged(new SecretsManagerClient({ credentials, requestHandler: secrets.config.requestHandler })),
);
