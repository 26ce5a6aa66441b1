import { hash } from 'node:crypto';
import type { DynamoDBRecord } from 'aws-lambda';
import * as z from 'zod';
import { AwsError } from '#local/aws/endpoint/service.ts';
import type { Database } from '#local/database.ts';
import { condition } from './conditions.ts';
import { conditionFailed, validationError } from './errors.ts';
import { Bindings } from './expressions.ts';
import { bound, item, TableName, unmeasured } from './requests.ts';
import type { Streams } from './streams.ts';
import { type Change, checkItem, keyOf, type Tables } from './tables.ts';
import { update } from './updates.ts';
import { type Item, isEqual, itemSize } from './values.ts';

export interface WriteContext {
  database: Database;
  tables: Tables;
  streams: Streams;
  /** Milliseconds since 1970. */
  now: () => number;
}

const guarded = {
  TableName,
  ...bound,
  ConditionExpression: z.string().optional(),
  ReturnValuesOnConditionCheckFailure: z.enum(['NONE', 'ALL_OLD']).optional(),
};
const put = { ...guarded, Item: item };
const remove = { ...guarded, Key: item };
const change = { ...remove, UpdateExpression: z.string().optional() };
const single = { ReturnValues: z.enum(['NONE', 'ALL_OLD', 'ALL_NEW', 'UPDATED_NEW']).optional(), ...unmeasured };

export const putInput = z.strictObject({ ...put, ...single });
export const deleteInput = z.strictObject({ ...remove, ...single });
export const updateInput = z.strictObject({ ...change, ...single });

/** A put with its Item, an update with its UpdateExpression, or a deletion. */
type Action = Omit<z.infer<typeof updateInput>, 'Key' | 'ReturnValues'> & { Item?: Item; Key?: Item };
type SingleWrite = Action & Pick<z.infer<typeof updateInput>, 'ReturnValues'>;

/** What a write would do, with nothing done yet; throws the error that stands against it. */
const plan = ({ tables }: WriteContext, action: Action, isUpdate = 'UpdateExpression' in action) => {
  const table = tables.get(action.TableName);
  const key = keyOf(action.Item ?? action.Key ?? {}, { isKeyAlone: !action.Item });
  const bindings = new Bindings(action);
  const holds = condition(action.ConditionExpression, bindings);
  const { apply: updated, attributes } = update(action.UpdateExpression, bindings);
  bindings.assertUsed();
  const name = attributes.find((attribute) => attribute === 'pk' || attribute === 'sk');
  if (name) throw validationError(`Cannot update attribute ${name}. This attribute is part of the key`);
  const before = tables.read(table, key);
  if (!holds(before)) {
    const fields = action.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && before ? { Item: before } : {};
    throw new AwsError(conditionFailed, 'The conditional request failed', 400, fields);
  }
  const after = isUpdate ? updated(before ?? action.Key ?? {}) : action.Item;
  return { table, key, before, after, attributes };
};

/** Writes changes in the order given, with their records in the streams; what changes nothing leaves no record. */
export const apply = (
  { tables, streams, now }: WriteContext,
  changes: readonly Change[],
  userIdentity?: DynamoDBRecord['userIdentity'],
): void => {
  for (const one of changes) {
    if (isEqual(one.before, one.after)) continue;
    if (one.after) checkItem(one.table, one.after);
    tables.write(one);
    streams.record(one, Math.floor(now() / 1000), userIdentity);
  }
};

/** Commits what `work` writes, then wakes the streams' consumers. */
const committed = (context: WriteContext, work: () => void): void => {
  context.database.transaction(work);
  context.streams.wake();
};

/** PutItem, UpdateItem and DeleteItem. */
export const writeItem = (context: WriteContext, { ReturnValues = 'NONE', ...action }: SingleWrite) => {
  const planned = plan(context, action);
  committed(context, () => apply(context, [planned]));
  const { before, after = {}, attributes } = planned;
  const updated = Object.fromEntries(attributes.flatMap((name) => (after[name] ? [[name, after[name]]] : [])));
  const answers = { NONE: undefined, ALL_OLD: before, ALL_NEW: after, UPDATED_NEW: updated };
  const Attributes = answers[ReturnValues];
  return Attributes ? { Attributes } : {};
};

const transactionAction = z
  .strictObject({
    ConditionCheck: z.strictObject({ ...remove, ConditionExpression: z.string() }),
    Put: z.strictObject(put),
    Delete: z.strictObject(remove),
    Update: z.strictObject(change),
  })
  .partial()
  .refine((action) => Object.keys(action).length === 1, 'must be one of ConditionCheck, Put, Delete and Update');
type TransactionAction = z.infer<typeof transactionAction>;

export const transactionInput = z.strictObject({
  TransactItems: z.array(transactionAction).min(1).max(100),
  ClientRequestToken: z.string().min(1).max(36).optional(),
  ...unmeasured,
});

const maxTransactionBytes = 4 * 1024 * 1024;
/** DynamoDB forgets a client request token ten minutes after its transaction. */
const tokenMs = 10 * 60_000;

const planAction = (context: WriteContext, { ConditionCheck, Put, Delete, Update }: TransactionAction): Change => {
  if (!ConditionCheck) return plan(context, Put ?? Update ?? Delete ?? { TableName: '' }, Update !== undefined);
  const planned = plan(context, ConditionCheck);
  return { ...planned, after: planned.before };
};

/** Why an action stands in the way of its transaction; an error that is not about the action is thrown on. */
const reasonOf = (error: unknown) => {
  if (!(error instanceof AwsError) || error.name === 'ResourceNotFoundException') throw error;
  const Code = error.name === conditionFailed ? 'ConditionalCheckFailed' : 'ValidationError';
  return { Code, Message: error.message, ...error.fields };
};

/** TransactWriteItems: every action is planned before any is written. */
export const writeTransaction = (context: WriteContext, input: z.infer<typeof transactionInput>) => {
  const { TransactItems, ClientRequestToken: token } = input;
  const digest = hash('sha256', JSON.stringify(TransactItems));
  if (token !== undefined && isRepeat(context, token, digest)) return {};
  assertApart(TransactItems);
  const changes: Change[] = [];
  const reasons = TransactItems.map((action) => {
    try {
      changes.push(planAction(context, action));
      return { Code: 'None' };
    } catch (error) {
      return reasonOf(error);
    }
  });
  if (reasons.some(({ Code }) => Code !== 'None')) {
    const codes = reasons.map(({ Code }) => Code).join(', ');
    const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
    throw new AwsError('TransactionCanceledException', message, 400, { CancellationReasons: reasons });
  }
  if (changes.reduce((bytes, { before, after }) => bytes + itemSize(after ?? before ?? {}), 0) > maxTransactionBytes)
    throw validationError('The aggregate size of the items in the transaction cannot exceed 4 MB');
  committed(context, () => {
    apply(context, changes);
    if (token !== undefined)
      context.database.run('INSERT OR REPLACE INTO tokens VALUES (?, ?, ?)', token, digest, context.now());
  });
  return {};
};

const assertApart = (actions: readonly TransactionAction[]): void => {
  const places = actions.map(({ ConditionCheck, Put, Delete, Update }) => {
    const { TableName: name, ...action } = ConditionCheck ?? Put ?? Delete ?? Update ?? { TableName: '', Key: {} };
    const { pk, sk } = 'Item' in action ? action.Item : action.Key;
    return JSON.stringify([name, pk, sk]);
  });
  if (new Set(places).size < places.length)
    throw validationError('Transaction request cannot include multiple operations on one item');
};

/** Whether the transaction was committed under this token before. */
const isRepeat = ({ database, now }: WriteContext, token: string, digest: string): boolean => {
  database.run('DELETE FROM tokens WHERE time < ?', now() - tokenMs);
  const [use] = database.rows<{ digest: string }>('SELECT digest FROM tokens WHERE token = ?', token);
  if (use && use.digest !== digest) {
    const message = 'Request parameters do not match those of the earlier request with the same client request token';
    throw new AwsError('IdempotentParameterMismatchException', message);
  }
  return use !== undefined;
};

export const tokensTable = `
  CREATE TABLE IF NOT EXISTS tokens (token TEXT PRIMARY KEY, digest TEXT, time REAL);
  CREATE INDEX IF NOT EXISTS tokens_by_time ON tokens (time);`;
