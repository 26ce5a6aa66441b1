import type { Commits } from './commits.ts';
import { validationError } from './errors.ts';
import { keyOf, type Level, within } from './level.ts';
import type { Item, Json, Table } from './model.ts';
import { shaped, tableNamed, timeToLiveUpdate } from './requests.ts';
import type { Tables } from './tables.ts';

/** UpdateTimeToLive: takes effect at once, where AWS takes up to an hour. */
export async function updateTimeToLive(tables: Tables, input: Json): Promise<Json> {
  const { TableName: name, TimeToLiveSpecification } = shaped(timeToLiveUpdate, input);
  const { Enabled, AttributeName } = TimeToLiveSpecification;
  const current = tables.entry(name).timeToLive;
  if (Enabled === (current !== undefined))
    throw validationError(`TimeToLive is already ${Enabled ? 'enabled' : 'disabled'}`);
  if (!Enabled && current !== AttributeName)
    throw validationError(`TimeToLive is active on a different AttributeName: current AttributeName is ${current}`);
  await tables.setTimeToLive(name, Enabled ? AttributeName : undefined);
  return { TimeToLiveSpecification };
}

/** DescribeTimeToLive. */
export function describeTimeToLive(tables: Tables, input: Json): Json {
  const attribute = tables.entry(shaped(tableNamed, input).TableName).timeToLive;
  if (attribute === undefined) return { TimeToLiveDescription: { TimeToLiveStatus: 'DISABLED' } };
  return { TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: attribute } };
}

interface SweepContext {
  tables: Tables;
  level: Level<Item>;
  commits: Commits;
  now: () => number;
}

/** Deletes every item whose time is over, as the service itself, and gives their number. */
export async function expireItems(context: SweepContext): Promise<number> {
  let count = 0;
  for (const { table, timeToLive } of context.tables.entries())
    if (timeToLive !== undefined && table.TableStatus === 'ACTIVE') count += await sweep(context, table, timeToLive);
  return count;
}

const PAGE = 500;
// DynamoDB leaves alone what seems to have expired more than five years ago: the number is then hardly a time in seconds.
const FIVE_YEARS_S = 5 * 365 * 86_400;
const userIdentity = { type: 'Service', principalId: 'dynamodb.amazonaws.com' };

async function sweep({ level, commits, now }: SweepContext, table: Table, attribute: string): Promise<number> {
  const seconds = Math.floor(now() / 1000);
  const isExpired = (item: Item | undefined) => {
    const time = Number(item?.[attribute]?.N ?? Number.NaN);
    return time < seconds && time > seconds - FIVE_YEARS_S;
  };
  let count = 0;
  const cursor = level.iterator(within(keyOf.items(table.TableName)));
  try {
    for (;;) {
      const page = await cursor.nextv(PAGE);
      if (page.length === 0) return count;
      // What the cursor shows may have been changed since: the newest state decides.
      const found = page.filter(([, item]) => isExpired(item)).map(([key]) => ({ key, before: commits.read(key) }));
      const expired = found.filter(({ before }) => isExpired(before));
      if (expired.length === 0) continue;
      const changes = expired.map(({ key, before }) => ({ table, key, before, after: undefined }));
      await commits.commit({ changes, userIdentity });
      count += changes.length;
    }
  } finally {
    await cursor.close();
  }
}
