import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { type AuditHead, auditItem, chainEvents, emptyHead } from '#core/audit/audit-chain.ts';
import type { Change, Write } from '#core/change.ts';
import { AppError } from '#core/contract/api/errors.ts';
import type { AuditEvent } from '#core/contract/events/catalogue.ts';
import { tableNames } from '#core/contract/platform/names.ts';
import {
  changeSortPrefix,
  keys,
  leaseSort,
  operationSortPrefix,
  recordOf,
  requestSort,
  resourceSortPrefix,
} from '#core/keys.ts';
import { documents } from '#stores/aws/clients.ts';
import { timestamp } from '#stores/aws/clock.ts';
import { conditionExpression, updateExpression } from '#stores/aws/expressions.ts';
import { getItem } from '#stores/aws/get-item.ts';
import { retryOnConflict } from '#stores/retry-on-conflict.ts';

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/**
 * Commits writes and audit events in one transaction, after the head of the audit stream. A lost race for the head is
 * retried; a failed guard is thrown as the error it names. `known` is the head as read with the records: it saves a
 * read unless somebody wrote since. Returns the new head.
 */
export const commit = async (change: Change, known?: AuditHead): Promise<AuditHead> => {
  assertAudited(change);
  try {
    return await retryOnConflict({ isConflict: isLostRace }, async (attempt) =>
      commitAfter((attempt === 1 && known) || (await headFor(change)), change),
    );
  } catch (error) {
    if (!isLostRace(error)) throw error;
    throw new AppError('dependency_unavailable', `The audit stream ${change.stream} is too busy.`, { cause: error });
  }
};

const commitAfter = async (head: AuditHead, change: Change): Promise<AuditHead> => {
  const audited = chainEvents(change.stream, head, change.cause, change.audit, timestamp());
  const items = [...change.writes.map(transactItem), ...auditItems(change.stream, head, audited)];
  try {
    await documents.send(new TransactWriteCommand({ TransactItems: items }));
    return headAfter(audited) ?? head;
  } catch (error) {
    throw failedGuard(error, change.writes) ?? error;
  }
};

/** Whether a record changed between its read and the commit: the change must be decided again. */
export const isOutdated = (error: unknown): boolean =>
  error instanceof AppError && error.code === 'version_conflict' && error.cause instanceof TransactionCanceledException;

const isBookkeeping = ({ sk }: { sk: string }) =>
  [operationSortPrefix, resourceSortPrefix, changeSortPrefix].some((prefix) => sk.startsWith(prefix)) ||
  [leaseSort, requestSort, keys.propagationCursor.sk].includes(sk);

/** Only the bookkeeping of operations and requests may change without an audit event. */
const assertAudited = ({ audit, writes }: Change) => {
  const silent =
    audit.length === 0 && writes.find((write) => !isBookkeeping(write.kind === 'put' ? write.item : write.key));
  if (silent) throw new Error(`A change of ${JSON.stringify(silent)} has no audit event.`);
};

/** Changes without audit events need no head. */
const headFor = async ({ audit, stream }: Change): Promise<AuditHead> => {
  if (audit.length === 0) return emptyHead;
  const item = await getItem(documents, 'audit', keys.auditHead(stream));
  return item ? (recordOf(item) as AuditHead) : emptyHead;
};

const headAfter = (audited: readonly AuditEvent[]): AuditHead | undefined => {
  const last = audited.at(-1);
  return last && { seq: last.seq, hash: last.hash, time: last.time };
};

const auditItems = (stream: string, head: AuditHead, audited: readonly AuditEvent[]): TransactItem[] => {
  const next = headAfter(audited);
  if (!next) return [];
  const condition = head.seq === 0 ? { absent: true as const } : { equals: { seq: head.seq } };
  return [
    ...audited.map((event) => ({
      Put: { TableName: tableNames.audit, Item: auditItem(event), ...conditionExpression({ absent: true }) },
    })),
    {
      Put: {
        TableName: tableNames.audit,
        Item: { ...keys.auditHead(stream), ...next },
        ...conditionExpression(condition),
      },
    },
  ];
};

const transactItem = (write: Write): TransactItem => {
  const TableName = tableNames[write.table];
  const guarded = write.guard && conditionExpression(write.guard.condition);
  switch (write.kind) {
    case 'put':
      return { Put: { TableName, Item: write.item, ...guarded } };
    case 'delete':
      return { Delete: { TableName, Key: write.key, ...guarded } };
    case 'check':
      return { ConditionCheck: { TableName, Key: write.key, ...conditionExpression(write.guard.condition) } };
    case 'update':
      return { Update: { TableName, Key: write.key, ...updateExpression(write) } };
    default:
      return write satisfies never;
  }
};

/** Reasons to cancel a transaction that a retry may overcome. */
const transientReasons: readonly (string | undefined)[] = [
  undefined,
  'None',
  'ConditionalCheckFailed',
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
];

const isLostRace = (error: unknown): boolean =>
  error instanceof TransactionCanceledException &&
  (error.CancellationReasons ?? []).every(({ Code }) => transientReasons.includes(Code));

/** The error of the first guard that failed; `undefined` if none did. */
const failedGuard = (error: unknown, writes: readonly Write[]): AppError | undefined => {
  if (!(error instanceof TransactionCanceledException)) return undefined;
  const failed = writes.find(
    ({ guard }, index) => guard && error.CancellationReasons?.[index]?.Code === 'ConditionalCheckFailed',
  );
  return failed?.guard && new AppError(failed.guard.otherwise.code, failed.guard.otherwise.message, { cause: error });
};
