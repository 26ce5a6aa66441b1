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
  /** `entity` (`TENANT`, `SHARD`) → id */
  byEntity: 'by-entity',
  /** `onboardedBy` (actor id) → tenant id */
  byOnboarder: 'by-onboarder',
  /** audit: `actionKey` (`<stream>#<action>`) → time and sequence */
  byAction: 'by-action',
  /** audit: `actorKey` (`<stream>#<actor id>`) → time and sequence */
  byActor: 'by-actor',
} as const;

export const busName = 'tenantry';
export const eventSource = 'tenantry';
/** The audit archive and exports; the deployed name carries account and region after this. */
export const archiveBucketName = 'tenantry-archive';

/** Every failed asynchronous delivery ends here and is kept 14 days. */
export const deadLetterQueueName = 'tenantry-dead-letters';

export const workflowNames = ['onboard-tenant', 'roll-back-tenant'] as const;
export type WorkflowName = (typeof workflowNames)[number];

/** The vault path of a tenant's secrets; a trailing `/` on the prefix keeps one id from matching another's. */
const tenantSecretPrefix = (tenantId: string) => `tenantry/tenants/${tenantId}/`;
export const tenantDatabaseSecretName = (tenantId: string) => `${tenantSecretPrefix(tenantId)}database`;
export const shardSecretName = (shardId: string, login: 'admin' | 'migrator') => `tenantry/shards/${shardId}/${login}`;

/** Environment variables of the functions; whoever deploys them sets exactly these. */
export const environment = {
  archiveBucket: 'ARCHIVE_BUCKET',
  deadLetterQueueUrl: 'DEAD_LETTER_QUEUE_URL',
  /** Folder of the application's SQL migrations. */
  applicationSchema: 'APPLICATION_SCHEMA',
  workflowArn: (workflow: WorkflowName) => `WORKFLOW_ARN_${workflow.toUpperCase().replaceAll('-', '_')}`,
} as const;
