import { setTimeout as delay } from 'node:timers/promises';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { GetCommand, TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { type AuditHead, auditItem, chainEvents, emptyHead } from '#core/audit/audit-chain.ts';
import type { Change, Write } from '#core/change.ts';
import { AppError } from '#core/contract/api/errors.ts';
import type { AuditEvent } from '#core/contract/events/catalogue.ts';
import { tableNames } from '#core/contract/platform/names.ts';
import { changeSortPrefix, keys, leaseSort, operationSortPrefix, requestSort, resourceSortPrefix } from '#core/keys.ts';
import { documents } from '#stores/aws/clients.ts';
import { timestamp } from '#stores/aws/clock.ts';
import { conditionExpression, updateExpression } from '#stores/aws/expressions.ts';

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** 64 writers on one head, retrying with full jitter from 20 ms to 1 s, need 2–3 tries; 40 is far beyond a busy head. */
const maxTries = 40;
const pause = (attempt: number) => delay(Math.random() * Math.min(1_000, 20 * 2 ** attempt));

/**
 * Commits writes and audit events in one transaction, after the stream's head. A lost race for the head is
 * tried again; a guard that does not hold is thrown as the error it names. `known` is the head as it was read with
 * the records, which saves a read where nobody wrote since. Returns the head as it is then.
 */
export const commit = async (change: Change, known?: AuditHead): Promise<AuditHead> => {
  assertAudited(change);
  for (let attempt = 0; attempt < maxTries; attempt += 1) {
    const head = attempt === 0 && known ? known : await headFor(change);
    const audited = chainEvents(change.stream, head, change.cause, change.audit, timestamp());
    const items = [...change.writes.map(transactItem), ...auditItems(change.stream, head, audited)];
    try {
      await documents.send(new TransactWriteCommand({ TransactItems: items }));
      return headAfter(audited) ?? head;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      throwFailedGuard(error, change.writes);
      await pause(attempt);
    }
  }
  throw new AppError('dependency_unavailable', `The audit stream ${change.stream} is too busy.`);
};

const isBookkeeping = ({ sk }: { sk: string }) =>
  [operationSortPrefix, resourceSortPrefix, changeSortPrefix].some((prefix) => sk.startsWith(prefix)) ||
  [leaseSort, requestSort, keys.propagationCursor.sk].includes(sk);

/** Only the bookkeeping of operations and requests may change without saying so in the audit stream. */
const assertAudited = ({ audit, writes }: Change) => {
  const silent =
    audit.length === 0 && writes.find((write) => !isBookkeeping(write.kind === 'put' ? write.item : write.key));
  if (silent) throw new Error(`A change of ${JSON.stringify(silent)} has no audit event.`);
};

/** What is not audited follows nothing. */
const headFor = ({ audit, stream }: Change) => (audit.length === 0 ? emptyHead : readHead(stream));

const readHead = async (stream: string): Promise<AuditHead> => {
  const { Item } = await documents.send(
    new GetCommand({ TableName: tableNames.audit, Key: keys.auditHead(stream), ConsistentRead: true }),
  );
  return (Item as AuditHead | undefined) ?? emptyHead;
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

/** Reasons that another try may get over. */
const races = [
  'None',
  'ConditionalCheckFailed',
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
];

const isRace = ({ Code }: { Code?: string | undefined }) => Code === undefined || races.includes(Code);

/** Throws the error of the first guard that failed; anything else that is no lost race is thrown as it is. */
const throwFailedGuard = (error: TransactionCanceledException, writes: readonly Write[]) => {
  const reasons = error.CancellationReasons ?? [];
  for (const [index, write] of writes.entries()) {
    if (reasons[index]?.Code === 'ConditionalCheckFailed' && write.guard) {
      throw new AppError(write.guard.otherwise.code, write.guard.otherwise.message, { cause: error });
    }
  }
  if (!reasons.every(isRace)) throw error;
};
