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

/** Drops the SDK's logging of requests and responses: without a logger it still copies them, 5 % of a call's work. */
const unlogged = <Client extends { middlewareStack: { remove(name: string): boolean } }>(client: Client): Client => {
  client.middlewareStack.remove('loggerMiddleware');
  return client;
};

/**
 * One client per service for the whole process; endpoint and region come from the environment. Marked pure, so that a
 * bundle contains only the clients its function uses.
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

/** Credentials that reach one tenant only; see `tenant-scope.ts`. */
export interface TenantCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
}

const tenantCredentials = /* @__PURE__ */ new AsyncLocalStorage<TenantCredentials | undefined>();

/** Runs `work` with reads confined to what these credentials reach. */
export const withCredentials = <T>(credentials: TenantCredentials, work: () => Promise<T>): Promise<T> =>
  tenantCredentials.run(credentials, work);

/** Runs `work` with the function's own role, for data that tenants share or that concerns other tenants. */
export const outsideTenantScope = <T>(work: () => Promise<T>): Promise<T> => tenantCredentials.run(undefined, work);

/** The function's own client or, in a tenant's scope, one with the tenant's credentials, made once for these. */
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

// A tenant's clients share the sockets of the function's own; only the signature differs.

/** Reads data that may belong to a tenant: in a tenant's scope with that tenant's credentials. */
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
