import type * as z from 'zod';
import { engine, parse } from './engine.ts';
import { validationError } from './errors.ts';
import type { Op } from './level.ts';
import type { Item, Json } from './model.ts';
import { shaped, transactionWrite } from './requests.ts';
import type { Tokens } from './tokens.ts';
import { canceled, type Reason, reasonOf } from './transaction-reasons.ts';
import { judge, type Verdict, type WriteContext } from './writes.ts';

const kinds = ['ConditionCheck', 'Put', 'Delete', 'Update'] as const;
type Kind = (typeof kinds)[number];
// A check is a deletion that is thrown away.
const operations = {
  ConditionCheck: 'deleteItem',
  Put: 'putItem',
  Delete: 'deleteItem',
  Update: 'updateItem',
} as const;

interface Action {
  kind: Kind;
  data: { Key?: Item };
  returnsOld: boolean;
}
type Judged = Action & { verdict: Verdict };

const MAX_BYTES = 4 * 1024 * 1024;

/** TransactWriteItems: every action is judged before any is written, so that there is never anything to undo. */
export async function writeTransaction(context: WriteContext, tokens: Tokens, input: Json): Promise<Json> {
  const { ClientRequestToken: token, TransactItems } = shaped(transactionWrite, input);
  if (token === undefined) return writeOnce(context, TransactItems);
  return tokens.once(token, TransactItems, (ops) => writeOnce(context, TransactItems, ops));
}

type Requests = z.infer<typeof transactionWrite>['TransactItems'];

async function writeOnce(context: WriteContext, requests: Requests, ops: () => Op[] = () => []): Promise<Json> {
  const { tables, commits } = context;
  const actions = requests.map(toAction);
  const judged = actions.map((action) => ({
    ...action,
    verdict: judge(operations[action.kind], action.data, tables, commits),
  }));
  const keys = judged.flatMap(({ verdict }) => verdict.key ?? []);
  if (new Set(keys).size < keys.length)
    throw validationError('Transaction request cannot include multiple operations on one item');
  const reasons = judged.map((action) => reasonAgainst(action, context));
  if (reasons.some(({ Code }) => Code !== 'None')) {
    await commits.settled();
    throw canceled(reasons);
  }
  if (judged.reduce((bytes, action) => bytes + size(action), 0) > MAX_BYTES)
    throw validationError('The aggregate size of the items in the transaction cannot exceed 4 MB');
  const changes = judged.flatMap(({ kind, verdict }) => (kind === 'ConditionCheck' ? [] : verdict.changes));
  await commits.commit({ changes, checks: keys, transaction: true, ops: ops() });
  return {};
}

function toAction(item: Requests[number]): Action {
  const [kind, another] = kinds.filter((name) => item[name]);
  if (!kind || another) throw validationError(`TransactItems can only contain one of ${kinds.join(', ')}`);
  const { ReturnValuesOnConditionCheckFailure: returning, ...request } = item[kind] ?? {};
  if (kind === 'ConditionCheck' && !request['ConditionExpression'])
    throw validationError("The parameter 'ConditionExpression' is required but was not present in the request");
  return { kind, data: parse(operations[kind], request), returnsOld: returning === 'ALL_OLD' };
}

function reasonAgainst({ verdict, returnsOld }: Judged, { commits, conflicts }: WriteContext): Reason {
  if (conflicts && verdict.key !== undefined && commits.conflicts(verdict.key, true))
    return { Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' };
  if (verdict.error === undefined) return { Code: 'None' };
  const reason = reasonOf(verdict.error);
  const item = returnsOld && reason.Code === 'ConditionalCheckFailed' && verdict.before;
  return item ? { ...reason, Item: item } : reason;
}

function size({ data, verdict }: Judged): number {
  const [change] = verdict.changes;
  return engine.itemSize(change?.after ?? verdict.before ?? data.Key ?? {});
}
