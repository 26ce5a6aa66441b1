import { type OperationWorkflow, operationWorkflows } from '#core/operation/kinds.ts';

/** Names of deployed resources, the same in AWS and locally. */
export const tableNames = {
  tenants: 'tenantry-tenants',
  flags: 'tenantry-flags',
  audit: 'tenantry-audit',
  limits: 'tenantry-limits',
} as const;
export type TableName = keyof typeof tableNames;

export const indexNames = {
  /** `statusKey` (`TENANT#active`, `OPERATION#running`) → id */
  byStatus: 'by-status',
  /** `shardKey` (`SHARD#shared-1`) → tenant id */
  byShard: 'by-shard',
  /** `entity` (`TENANT`, `OPERATION`, `SHARD`) → id */
  byEntity: 'by-entity',
  /** `entity` → slug; only tenants have one */
  bySlug: 'by-slug',
  /** `onboardedBy` (type and id of the actor) → tenant id */
  byOnboarder: 'by-onboarder',
  /** flags: `flagKey` → tenant id of an override */
  byFlag: 'by-flag',
  /** audit: the stream's partition → `actionKey` (`<action>#<time>#<seq>`) */
  byAction: 'by-action',
  /** audit: the stream's partition → `actorKey` (`<actor id>#<time>#<seq>`) */
  byActor: 'by-actor',
} as const;

export const busName = 'tenantry';
export const eventSource = 'tenantry';
/** The audit archive and exports; account and region are appended to the deployed name. */
export const archiveBucketName = 'tenantry-archive';

/** Receives every failed asynchronous delivery, and keeps it for 14 days. */
export const deadLetterQueueName = 'tenantry-dead-letters';

/** The workflow that rolls back an operation whose own workflow could not. */
const rollBackWorkflow = 'roll-back-tenant';
export type WorkflowName = OperationWorkflow | typeof rollBackWorkflow;
export const workflowNames: readonly WorkflowName[] = [...operationWorkflows, rollBackWorkflow];

/** The prefix of the secrets of all tenants in Secrets Manager. */
export const tenantSecretsPrefix = 'tenantry/tenants/';
/** The path of a tenant's secrets; the trailing `/` keeps one tenant's id from matching another's. */
export const tenantSecretPrefix = (tenantId: string) => `${tenantSecretsPrefix}${tenantId}/`;
export const tenantDatabaseSecretName = (tenantId: string) => `${tenantSecretPrefix(tenantId)}database`;
export const shardSecretName = (shardId: string, login: 'admin' | 'migrator') => `tenantry/shards/${shardId}/${login}`;

/** The key that signs the tickets for event streams. */
export const ticketKeySecretName = 'tenantry/flags/stream-tickets';
/** The function that Secrets Manager calls to rotate a tenant's secret. */
export const rotationFunctionName = 'rotate-secret';

/** In every table, a tenant's items are in this one partition, which IAM compares by equality. */
export const tenantPartition = (tenantId: string) => `TENANT#${tenantId}`;

/** The role for one tenant at a time: each session must name its tenant in the session tag `tenantTag`. */
export const tenantRoleName = 'tenantry-tenant';
export const tenantTag = 'tenant';
/** The inline policy of that role which denies the sessions of suspended tenants; put at run time. */
export const revokedSessionsPolicyName = 'revoked-sessions';

/** Environment variables of the functions; a deployment sets exactly these. */
export const environment = {
  archiveBucket: 'ARCHIVE_BUCKET',
  deadLetterQueueUrl: 'DEAD_LETTER_QUEUE_URL',
  /** Folder of the application's SQL migrations. */
  applicationSchema: 'APPLICATION_SCHEMA',
  /** URL of the stream of flag events. */
  flagEventsUrl: 'FLAG_EVENTS_URL',
  /** The interval, in milliseconds, at which an open stream polls for changes. */
  flagEventsPollMs: 'FLAG_EVENTS_POLL_MS',
  /** ARN of the tenants' role. */
  tenantRoleArn: 'TENANT_ROLE_ARN',
  /** Absent when an issuer other than the product's own user pool signs users in. */
  userPoolId: 'USER_POOL_ID',
  /** ARN of the function that rotates tenants' secrets. */
  rotationFunctionArn: 'ROTATION_FUNCTION_ARN',
  /** Comma-separated ARNs of the control plane's roles that may read tenants' secrets. */
  secretReaderArns: 'SECRET_READER_ARNS',
  workflowArn: (workflow: WorkflowName) => `WORKFLOW_ARN_${workflow.toUpperCase().replaceAll('-', '_')}`,
} as const;
