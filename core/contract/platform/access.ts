import {
  archiveBucketName,
  busName,
  deadLetterQueueName,
  rotationFunctionName,
  type TableName,
  tableNames,
  tenantRoleName,
  tenantSecretsPrefix,
  type WorkflowName,
  workflowNames,
} from './names.ts';
import { tables } from './tables.ts';

/**
 * `write` includes `append`, which includes `read`. `append` puts items, but neither updates in place nor deletes.
 * `update` only updates in place. (IAM cannot distinguish a put that creates from one that overwrites; the store's
 * condition does.)
 */
type TableVerb = 'read' | 'append' | 'write' | 'update';
/** `describe` reveals no value; `guard` sets the resource policy; `renew` writes new values; `rotate` schedules that. */
type SecretVerb = 'read' | 'describe' | 'create' | 'guard' | 'rotate' | 'renew' | 'delete';
type ExecutionVerb = 'start' | 'read';
type TenantScopeVerb = 'assume' | 'revoke';
const tableKeys = ['tenants', 'flags', 'audit', 'limits'] as const satisfies readonly TableName[];
const secretOwners = ['tenants', 'shards', 'flags'] as const;
type SecretOwner = (typeof secretOwners)[number];

/** Everything a function may access, in a closed vocabulary: `lib/` derives exact IAM from it, `local/` enforces it. */
export interface Access {
  tables?: Partial<Record<TableName, TableVerb>>;
  /** Secrets of tenants (`tenantry/tenants/*`), of shards (`tenantry/shards/*`) and of flags (`tenantry/flags/*`). */
  secrets?: Partial<Record<SecretOwner, readonly SecretVerb[]>>;
  bus?: 'put';
  /** Prefixes of the archive bucket. */
  archive?: Partial<Record<'audit', 'write'>>;
  executions?: Partial<Record<WorkflowName, readonly ExecutionVerb[]>>;
  deadLetters?: 'send';
  /**
   * Sessions of the tenants' role, whose permissions are in `tenant-scope.ts`: `assume` opens them, `revoke` denies those
   * that are open. (IAM cannot limit which policy is put; the store puts one that only denies.)
   */
  tenantScope?: TenantScopeVerb;
  /** Users of the product's own user pool. */
  identities?: 'manage';
}

/** The resource of a permission; a `prefix` matches every name that begins with it. */
export type AccessResource =
  | { kind: 'table'; name: string }
  | { kind: 'index'; table: string; name: string }
  | { kind: 'secrets'; prefix: string }
  | { kind: 'bus'; name: string }
  | { kind: 'objects'; bucket: string; prefix: string }
  | { kind: 'workflow'; name: WorkflowName }
  | { kind: 'executions'; workflow: WorkflowName }
  | { kind: 'queue'; name: string }
  | { kind: 'role'; name: string }
  | { kind: 'user-pool' }
  | { kind: 'function'; name: string };

/** The content of one IAM statement; `actions` are IAM action names. */
export interface Permission {
  actions: readonly string[];
  resource: AccessResource;
}

const readItems = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'];
const appendItems = [...readItems, 'dynamodb:ConditionCheckItem', 'dynamodb:PutItem'];
const writeItems = [...appendItems, 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:BatchWriteItem'];

const tableActions: Readonly<Record<TableVerb, readonly string[]>> = {
  read: readItems,
  append: appendItems,
  write: writeItems,
  update: ['dynamodb:UpdateItem'],
};

const indexActions = ['dynamodb:Query'];

const secretActions: Readonly<Record<SecretVerb, readonly string[]>> = {
  read: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
  describe: ['secretsmanager:DescribeSecret', 'secretsmanager:ListSecretVersionIds'],
  create: ['secretsmanager:CreateSecret', 'secretsmanager:PutSecretValue', 'secretsmanager:TagResource'],
  guard: ['secretsmanager:PutResourcePolicy'],
  rotate: ['secretsmanager:RotateSecret'],
  renew: ['secretsmanager:PutSecretValue', 'secretsmanager:UpdateSecretVersionStage'],
  delete: ['secretsmanager:DeleteSecret'],
};

const secretPrefixes: Readonly<Record<SecretOwner, string>> = {
  tenants: tenantSecretsPrefix,
  shards: 'tenantry/shards/',
  flags: 'tenantry/flags/',
};

const executionPermission = (name: WorkflowName, verb: ExecutionVerb): Permission => {
  switch (verb) {
    case 'start':
      return { actions: ['states:StartExecution'], resource: { kind: 'workflow', name } };
    case 'read':
      return {
        actions: ['states:DescribeExecution', 'states:GetExecutionHistory'],
        resource: { kind: 'executions', workflow: name },
      };
    default:
      return verb satisfies never;
  }
};

const tablePermissions = (table: TableName, verb: TableVerb): Permission[] => [
  { actions: tableActions[verb], resource: { kind: 'table', name: tableNames[table] } },
  ...Object.keys(tables[table].indexes).map(
    (name): Permission => ({
      actions: indexActions,
      resource: { kind: 'index', table: tableNames[table], name },
    }),
  ),
];

/** The caller of `RotateSecret` must be allowed to invoke the rotation function. */
const callRotation: Permission = {
  actions: ['lambda:InvokeFunction'],
  resource: { kind: 'function', name: rotationFunctionName },
};

const secretPermissions = (owner: SecretOwner, verbs: readonly SecretVerb[]): Permission[] => [
  {
    actions: [...new Set(verbs.flatMap((verb) => secretActions[verb]))],
    resource: { kind: 'secrets', prefix: secretPrefixes[owner] },
  },
  ...(verbs.includes('rotate') ? [callRotation] : []),
];

const putEvents: Permission = { actions: ['events:PutEvents'], resource: { kind: 'bus', name: busName } };

const writeAuditArchive: Permission = {
  actions: ['s3:PutObject'],
  resource: { kind: 'objects', bucket: archiveBucketName, prefix: 'audit/' },
};

const sendDeadLetters: Permission = {
  actions: ['sqs:SendMessage'],
  resource: { kind: 'queue', name: deadLetterQueueName },
};

const tenantScopeActions: Readonly<Record<TenantScopeVerb, readonly string[]>> = {
  assume: ['sts:AssumeRole', 'sts:TagSession'],
  revoke: ['iam:PutRolePolicy', 'iam:DeleteRolePolicy'],
};

const tenantScopePermission = (verb: TenantScopeVerb): Permission => ({
  actions: tenantScopeActions[verb],
  resource: { kind: 'role', name: tenantRoleName },
});

const manageIdentities: Permission = {
  actions: ['cognito-idp:AdminCreateUser', 'cognito-idp:AdminDeleteUser', 'cognito-idp:AdminListGroupsForUser'],
  resource: { kind: 'user-pool' },
};

/** The permissions that an `access` entry of the manifest grants; both IAM and the local endpoint derive from them. */
export const permissionsOf = ({ tables: verbs = {}, secrets = {}, ...access }: Access): Permission[] => [
  ...tableKeys.flatMap((table) => (verbs[table] ? tablePermissions(table, verbs[table]) : [])),
  ...secretOwners.flatMap((owner) => (secrets[owner] ? secretPermissions(owner, secrets[owner]) : [])),
  ...(access.bus ? [putEvents] : []),
  ...(access.archive?.audit ? [writeAuditArchive] : []),
  ...workflowNames.flatMap((name) => (access.executions?.[name] ?? []).map((verb) => executionPermission(name, verb))),
  ...(access.deadLetters ? [sendDeadLetters] : []),
  ...(access.tenantScope ? [tenantScopePermission(access.tenantScope)] : []),
  ...(access.identities ? [manageIdentities] : []),
];
