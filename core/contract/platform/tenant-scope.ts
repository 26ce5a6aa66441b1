import { type TableName, tableNames } from './names.ts';
import { tables } from './tables.ts';

/**
 * What a session of the tenants' role may do, as IAM and the local endpoint both enforce it: these actions, on the
 * partition and under the secrets' path of the tenant that its session tag names. No Scan and no PartiQL: they name no
 * partition. Nothing is written: a change goes through the function's own role, after the product has judged it.
 */
export const tenantScope = {
  items: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'],
  secrets: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue', 'secretsmanager:ListSecretVersionIds'],
} as const;

interface ScopedResource {
  table: string;
  index?: string;
}

/** Whose items are a tenant's own to read; how often it calls is counted by the functions' own roles. */
const scopedTables = ['tenants', 'flags', 'audit'] as const satisfies readonly TableName[];

/** The tables, and those of their indexes that keep a tenant's items in the tenant's own partition. */
export const scopedResources: readonly ScopedResource[] = scopedTables.flatMap((name) => [
  { table: tableNames[name] },
  ...Object.entries(tables[name].indexes)
    .filter(([, { partition }]) => partition === 'pk')
    .map(([index]) => ({ table: tableNames[name], index })),
]);
