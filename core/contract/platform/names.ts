import { type OperationWorkflow, operationWorkflows } from '#core/operation/kinds.ts';

/** Names of what is deployed, the same in AWS and on one machine. */
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
  /** `shardId` → tenant id */
  byShard: 'by-shard',
  /** `entity` (`TENANT`, `OPERATION`, `SHARD`) → id */
  byEntity: 'by-entity',
  /** `entity` → slug, of tenants: nothing else of an entity has one */
  bySlug: 'by-slug',
  /** `onboardedBy` (type and id of the actor) → tenant id */
  byOnboarder: 'by-onboarder',
  /** flags: `flagKey` → tenant id, of overrides */
  byFlag: 'by-flag',
  /** audit: the stream's own partition → `actionKey` (`<action>#<time>#<seq>`) */
  byAction: 'by-action',
  /** audit: the stream's own partition → `actorKey` (`<actor id>#<time>#<seq>`) */
  byActor: 'by-actor',
} as const;

export const busName = 'tenantry';
export const eventSource = 'tenantry';
/** The audit archive and exports; the deployed name carries account and region after this. */
export const archiveBucketName = 'tenantry-archive';

/** Every failed asynchronous delivery ends here and is kept 14 days. */
export const deadLetterQueueName = 'tenantry-dead-letters';

/** The workflow that rolls an operation back when its own could not. */
const rollBackWorkflow = 'roll-back-tenant';
export type WorkflowName = OperationWorkflow | typeof rollBackWorkflow;
export const workflowNames: readonly WorkflowName[] = [...operationWorkflows, rollBackWorkflow];

/** The prefix of the secrets of all tenants in Secrets Manager. */
export const tenantSecretsPrefix = 'tenantry/tenants/';
/** The path of a tenant's secrets; a trailing `/` on the prefix keeps one id from matching another's. */
export const tenantSecretPrefix = (tenantId: string) => `${tenantSecretsPrefix}${tenantId}/`;
export const tenantDatabaseSecretName = (tenantId: string) => `${tenantSecretPrefix(tenantId)}database`;
export const shardSecretName = (shardId: string, login: 'admin' | 'migrator') => `tenantry/shards/${shardId}/${login}`;

/** Signs the tickets that open event streams. */
export const ticketKeySecretName = 'tenantry/flags/stream-tickets';
/** The function that Secrets Manager calls to rotate a tenant's secret. */
export const rotationFunctionName = 'rotate-secret';

/** What is a tenant's in every table stands in this one partition, which IAM can compare by equality. */
export const tenantPartition = (tenantId: string) => `TENANT#${tenantId}`;

/** The role that serves one tenant at a time: whoever assumes it must name the tenant in this session tag. */
export const tenantRoleName = 'tenantry-tenant';
export const tenantTag = 'tenant';

/** Environment variables of the functions; whoever deploys them sets exactly these. */
export const environment = {
  archiveBucket: 'ARCHIVE_BUCKET',
  deadLetterQueueUrl: 'DEAD_LETTER_QUEUE_URL',
  /** Folder of the application's SQL migrations. */
  applicationSchema: 'APPLICATION_SCHEMA',
  /** Where the stream of flag events is opened. */
  flagEventsUrl: 'FLAG_EVENTS_URL',
  /** How often, in milliseconds, an open stream looks for changes. */
  flagEventsPollMs: 'FLAG_EVENTS_POLL_MS',
  /** ARN of the tenants' role. */
  tenantRoleArn: 'TENANT_ROLE_ARN',
  /** Absent where another issuer than the product's own user pool knows who may sign in. */
  userPoolId: 'USER_POOL_ID',
  /** ARN of the function that rotates tenants' secrets. */
  rotationFunctionArn: 'ROTATION_FUNCTION_ARN',
  /** ARNs, with commas between them, of the control plane's roles that may read tenants' secrets. */
  secretReaderArns: 'SECRET_READER_ARNS',
  workflowArn: (workflow: WorkflowName) => `WORKFLOW_ARN_${workflow.toUpperCase().replaceAll('-', '_')}`,
} as const;
