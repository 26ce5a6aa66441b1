import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import type { AuditHead } from '#core/audit/audit-chain.ts';
import type { Item } from '#core/change.ts';
import { AppError, notFound } from '#core/contract/api/errors.ts';
import type { OperationStatus, Subject } from '#core/contract/model/operation.ts';
import { indexNames, tableNames } from '#core/contract/platform/names.ts';
import { keys, operationSortPrefix, resourceSortPrefix } from '#core/keys.ts';
import type { OperationKind } from '#core/operation/kinds.ts';
import type { Lease } from '#core/operation/lease.ts';
import { type Resource, resourceOf } from '#core/operation/ledger.ts';
import { type OperationRecord, operationOf } from '#core/operation/operation.ts';
import { type TenantRecord, tenantOf } from '#core/tenant/tenant-record.ts';
import { firstIdAt } from '#core/type-id.ts';
import { reader } from '#stores/aws/clients.ts';
import { getItem } from '#stores/aws/get-item.ts';
import { type Page, queryAll, queryPage } from '#stores/aws/pages.ts';

const TableName = tableNames.tenants;

export interface TenantOperation {
  tenant: TenantRecord;
  operation: OperationRecord;
  /** The head of the tenant's audit stream. */
  head: AuditHead | undefined;
}

/** What a step of a tenant's operation needs, in one read; `not_found` where one of them is missing. */
export const readTenantOperation = async (tenantId: string, operationId: string): Promise<TenantOperation> => {
  const registry = [keys.tenant(tenantId), keys.operation({ type: 'tenant', id: tenantId }, operationId)];
  const { Responses = {}, UnprocessedKeys = {} } = await reader().send(
    new BatchGetCommand({
      RequestItems: {
        [TableName]: { Keys: registry, ConsistentRead: true },
        [tableNames.audit]: { Keys: [keys.auditHead(tenantId)], ConsistentRead: true },
      },
    }),
  );
  if (Object.keys(UnprocessedKeys).length > 0) {
    throw new AppError('dependency_unavailable', 'The tables are too busy to return the records of the operation.');
  }
  const items = (Responses[TableName] ?? []) as Item[];
  const tenant = items.find(({ sk }) => sk === 'TENANT');
  const operation = items.find(({ sk }) => sk.startsWith(operationSortPrefix));
  if (!tenant) throw notFound();
  if (!operation) throw new AppError('not_found', `There is no operation ${operationId} of tenant ${tenantId}.`);
  const head = Responses[tableNames.audit]?.[0] as AuditHead | undefined;
  return { tenant: tenantOf(tenant), operation: operationOf(operation), head };
};

/** The operation of an id, of the subject if that is known; `undefined` where there is none. */
export const findOperation = async (operationId: string, owner?: Subject): Promise<OperationRecord | undefined> => {
  const subject =
    owner ??
    ((await getItem(reader(), 'tenants', keys.operationOwner(operationId)))?.['subject'] as Subject | undefined);
  const item = subject && (await getItem(reader(), 'tenants', keys.operation(subject, operationId)));
  return item && operationOf(item);
};

/** The exclusive operation that a tenant is in. */
export const readLease = async (tenantId: string): Promise<Lease | undefined> =>
  (await getItem(reader(), 'tenants', keys.lease(tenantId))) as (Item & Lease) | undefined;

/** What the ledger says was made for a tenant. */
export const readResources = async (tenantId: string): Promise<Resource[]> => {
  const found: Resource[] = [];
  const items = queryAll({
    TableName,
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: { ':pk': keys.tenant(tenantId).pk, ':prefix': resourceSortPrefix },
  });
  for await (const item of items) found.push(resourceOf(item));
  return found;
};

export interface OperationFilter {
  tenantId?: string | undefined;
  kind?: OperationKind | undefined;
  status?: OperationStatus | undefined;
  /** Begun at this time or later. */
  from?: string | undefined;
}

/** Operations that match, newest first: of one tenant, from its own partition, or of all subjects. */
export const listOperations = (
  { tenantId, kind, status, from }: OperationFilter,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<Page<OperationRecord>> => {
  const first = from === undefined ? '' : firstIdAt('op', Date.parse(from));
  const match = (item: Item) => {
    const operation = operationOf(item);
    const matches =
      (kind === undefined || operation.kind === kind) &&
      (status === undefined || operation.status === status) &&
      operation.id >= first;
    return matches ? operation : undefined;
  };
  return tenantId === undefined
    ? queryPage({
        query: {
          TableName,
          IndexName: indexNames.byEntity,
          ScanIndexForward: false,
          KeyConditionExpression: 'entity = :entity AND itemId >= :first',
          ExpressionAttributeValues: { ':entity': 'OPERATION', ':first': first || 'op' },
        },
        limit,
        cursor,
        startKey: (position) => {
          const [pk = '', operationId = ''] = position.split(' ');
          return { pk, sk: operationSortPrefix + operationId, entity: 'OPERATION', itemId: operationId };
        },
        positionOf: ({ pk, sk }) => `${pk} ${sk.slice(operationSortPrefix.length)}`,
        match,
      })
    : queryPage({
        query: {
          TableName,
          ScanIndexForward: false,
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
          ExpressionAttributeValues: { ':pk': keys.tenant(tenantId).pk, ':prefix': operationSortPrefix },
        },
        limit,
        cursor,
        startKey: (operationId) => ({ ...keys.operation({ type: 'tenant', id: tenantId }, operationId) }),
        positionOf: ({ sk }) => sk.slice(operationSortPrefix.length),
        match,
      });
};

/** Operations that have not ended for good, of every subject. */
export async function* openOperations(
  status: OperationStatus & ('running' | 'rollback-failed'),
): AsyncGenerator<OperationRecord> {
  const items = queryAll({
    TableName,
    IndexName: indexNames.byStatus,
    KeyConditionExpression: 'statusKey = :status',
    ExpressionAttributeValues: { ':status': `OPERATION#${status}` },
  });
  for await (const item of items) yield operationOf(item);
}
