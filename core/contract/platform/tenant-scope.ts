import { type TableName, tableNames } from './names.ts';
import { tables } from './tables.ts';

/**
 * The permissions of a tenants' role session, enforced by IAM and by the local endpoint: these actions, on the partition
 * and the secrets path of the tenant named in the session tag. Scan and PartiQL are excluded: they name no partition.
 * Sessions never write: changes use the function's own role, after the product has authorized them.
 */
export const tenantScope = {
  items: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'],
  secrets: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue', 'secretsmanager:ListSecretVersionIds'],
} as const;

/** How long a session lasts: a role that is assumed from another role, an hour at most (IAM user guide, role chaining). */
export const tenantSessionSeconds = 3_600;

interface ScopedResource {
  table: string;
  index?: string;
}

/** Tables that a tenant may read its own items from; its request counts are written by the functions' own roles. */
const scopedTables = ['tenants', 'flags', 'audit'] as const satisfies readonly TableName[];

/** These tables, and those of their indexes that are partitioned by tenant. */
export const scopedResources: readonly ScopedResource[] = scopedTables.flatMap((name) => [
  { table: tableNames[name] },
  ...Object.entries(tables[name].indexes)
    .filter(([, { partition }]) => partition === 'pk')
    .map(([index]) => ({ table: tableNames[name], index })),
]);
