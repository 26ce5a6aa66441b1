import type { QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { type AuditHead, auditEventOf, auditPrefixes } from '#core/audit/audit-chain.ts';
import type { Item } from '#core/change.ts';
import type { Action, AuditEvent } from '#core/contract/events/catalogue.ts';
import { indexNames, tableNames } from '#core/contract/platform/names.ts';
import { auditPartition, keys, recordOf } from '#core/keys.ts';
import { reader } from '#stores/aws/clients.ts';
import { getItem } from '#stores/aws/get-item.ts';
import { type Page, queryAll, queryPage } from '#stores/aws/pages.ts';

const TableName = tableNames.audit;

export interface AuditFilter {
  actor?: string | undefined;
  action?: Action | undefined;
  /** ISO 8601; both ends are included. */
  from?: string | undefined;
  to?: string | undefined;
  q?: string | undefined;
}

/** The matching events of a stream, newest first. A filter by actor or action uses its index. */
export const searchAudit = (
  stream: string,
  filter: AuditFilter,
  limit: number,
  cursor: string | undefined,
): Promise<Page<AuditEvent>> => pageOf(stream, filter, { limit, cursor, newestFirst: true });

const pageOf = (
  stream: string,
  filter: AuditFilter,
  { newestFirst, ...page }: { limit: number; maxBytes?: number; cursor: string | undefined; newestFirst: boolean },
): Promise<Page<AuditEvent>> => {
  const { query, sortKeyOf } = queryFor(stream, filter);
  return queryPage({
    query: { ...query, ScanIndexForward: !newestFirst },
    ...page,
    startKey: (sk) => ({ pk: auditPartition(stream), sk, ...sortKeyOf(sk) }),
    positionOf: ({ sk }) => sk,
    match: (item) => matching(item, filter),
  });
};

/** A Lambda response holds 6 MB; the quotes and keys that CSV or JSON add fit into the rest. */
const bytesPerExport = 4_000_000;
const eventsPerExport = 5_000;

/** The matching events of a stream, oldest first, as many as one response holds. */
export const exportPage = (
  stream: string,
  filter: AuditFilter,
  cursor: string | undefined,
): Promise<Page<AuditEvent>> =>
  pageOf(stream, filter, { limit: eventsPerExport, maxBytes: bytesPerExport, cursor, newestFirst: false });

/** The stored items of a stream, oldest first, for verification. */
export const auditItemsOf = (stream: string): AsyncGenerator<Item> =>
  queryAll({ ...queryFor(stream, {}).query, ConsistentRead: true });

export const recordedHead = async (stream: string): Promise<AuditHead | undefined> => {
  const item = await getItem(reader(), 'audit', keys.auditHead(stream));
  return item && (recordOf(item) as AuditHead);
};

/** Sort keys begin with the time; `~` sorts after every sequence number, and the head's `HEAD` after every time. */
const queryFor = (
  stream: string,
  filter: AuditFilter,
): { query: QueryCommandInput; sortKeyOf: (sk: string) => Record<string, string> } => {
  const { index, sort, prefix } = indexFor(filter);
  const { from, to } = filter;
  const first = from === undefined ? '0' : new Date(from).toISOString();
  const last = to === undefined ? '9~' : `${new Date(to).toISOString()}~`;
  return {
    sortKeyOf: (sk) => ({ [sort]: prefix + sk }),
    query: {
      TableName,
      ...(index !== undefined && { IndexName: index }),
      KeyConditionExpression: 'pk = :pk AND #sort BETWEEN :first AND :last',
      ExpressionAttributeNames: { '#sort': sort },
      ExpressionAttributeValues: { ':pk': auditPartition(stream), ':first': prefix + first, ':last': prefix + last },
    },
  };
};

const indexFor = ({ actor, action }: AuditFilter): { index?: string; sort: string; prefix: string } => {
  if (actor !== undefined)
    return { index: indexNames.byActor, sort: 'actorKey', prefix: auditPrefixes.actorKey(actor) };
  if (action !== undefined)
    return { index: indexNames.byAction, sort: 'actionKey', prefix: auditPrefixes.actionKey(action) };
  return { sort: 'sk', prefix: '' };
};

const matching = (item: Item, { action, q }: AuditFilter) => {
  const event = auditEventOf(item);
  if (action !== undefined && event.action !== action) return undefined;
  return q === undefined || JSON.stringify(event).toLowerCase().includes(q.toLowerCase()) ? event : undefined;
};
