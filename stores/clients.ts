import { AsyncLocalStorage } from 'node:async_hooks';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

export const marshallOptions = { removeUndefinedValues: true };

/**
 * One client a service for the whole process: the endpoint and region come from the environment. Marked pure, so that
 * a bundle holds only the clients its function uses.
 */
export const documents = /* @__PURE__ */ DynamoDBDocumentClient.from(/* @__PURE__ */ new DynamoDBClient(), {
  marshallOptions,
});
export const secrets = /* @__PURE__ */ new SecretsManagerClient();
export const events = /* @__PURE__ */ new EventBridgeClient();
export const states = /* @__PURE__ */ new SFNClient();
export const queues = /* @__PURE__ */ new SQSClient();
export const objects = /* @__PURE__ */ new S3Client();
export const identities = /* @__PURE__ */ new CognitoIdentityProviderClient();

/** The documents client of the tenant that the work going on here is confined to; see `tenant-scope.ts`. */
export const tenantDocuments = /* @__PURE__ */ new AsyncLocalStorage<DynamoDBDocumentClient | undefined>();

/** For reads of what may be a tenant's: where the work is confined to a tenant, by that tenant's credentials. */
export const reader = (): DynamoDBDocumentClient => tenantDocuments.getStore() ?? documents;

/** Runs `work` by the function's own role: for what is shared by all tenants, or known of others. */
export const outsideTenantScope = <T>(work: () => Promise<T>): Promise<T> => tenantDocuments.run(undefined, work);
