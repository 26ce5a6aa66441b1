import { QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { digest } from '#core/audit/audit-chain.ts';
import type { Item } from '#core/change.ts';
import { AppError } from '#core/contract/api/errors.ts';
import { reader } from './clients.ts';

export interface Page<T> {
  items: T[];
  nextCursor?: string;
}

const markLength = 10;

/** Identifies a list: its table or index, partition, range and order. */
const markOf = ({ TableName, IndexName, ScanIndexForward = true, ExpressionAttributeValues }: QueryCommandInput) =>
  digest([TableName, IndexName ?? '', ScanIndexForward, ExpressionAttributeValues]).slice(0, markLength);

/**
 * A cursor is opaque to callers: the mark of its list, and the position after which the next page begins. It contains
 * no partition, so it cannot open another one. The mark only serves to refuse a cursor of another list by name.
 */
const encodeCursor = (mark: string, position: string) => Buffer.from(mark + position).toString('base64url');
const decodeCursor = (mark: string, cursor: string) => {
  const position = Buffer.from(cursor, 'base64url').toString().slice(markLength);
  if (encodeCursor(mark, position) !== cursor) throw foreignCursor();
  return position;
};

const foreignCursor = () =>
  new AppError('invalid_request', 'The cursor does not belong to this list.', {
    errors: [{ path: '/cursor', message: 'must be the nextCursor of the previous page' }],
  });

interface SortedRequest<T> {
  /** Identifies the list. */
  list: readonly string[];
  limit: number;
  cursor?: string | undefined;
  positionOf: (item: T) => string;
}

/** Collects one page of a list whose items arrive ordered by position; it holds no more than the page. */
export const pageCollector = <T>({ list, limit, cursor, positionOf }: SortedRequest<T>) => {
  const mark = digest(list).slice(0, markLength);
  const after = cursor === undefined ? undefined : decodeCursor(mark, cursor);
  const items: T[] = [];
  let hasMore = false;
  return {
    add(item: T) {
      if (after !== undefined && positionOf(item) <= after) return;
      if (items.length < limit) items.push(item);
      else hasMore = true;
    },
    page(): Page<T> {
      const last = items.at(-1);
      return hasMore && last !== undefined ? { items, nextCursor: encodeCursor(mark, positionOf(last)) } : { items };
    },
  };
};

/** One page of a list in memory, sorted by position. */
export const pageOfSorted = <T>(sorted: readonly T[], request: SortedRequest<T>): Page<T> => {
  const collector = pageCollector(request);
  for (const item of sorted) collector.add(item);
  return collector.page();
};

/** Items read at most to fill one page, so that a rare match cannot make a request endless. */
const maxItemsRead = 10_000;

interface PageRequest<T> {
  query: QueryCommandInput;
  limit: number;
  /** Ends the page early once its items exceed so many characters as JSON. */
  maxBytes?: number;
  cursor: string | undefined;
  /** The full key of the item at a position, as the index needs it. */
  startKey: (position: string) => Record<string, unknown>;
  positionOf: (item: Item) => string;
  /** The item as answered, or `undefined` if it does not match. */
  match: (item: Item) => T | undefined;
}

/** One page of a query, filled with matching items; its cursor points to the last item read. */
export const queryPage = async <T>({
  query,
  limit,
  maxBytes = Number.POSITIVE_INFINITY,
  cursor,
  startKey,
  positionOf,
  match,
}: PageRequest<T>): Promise<Page<T>> => {
  const items: T[] = [];
  let next = cursor === undefined ? undefined : startKey(decodeCursor(markOf(query), cursor));
  let read = 0;
  let bytes = 0;
  do {
    const { Items = [], LastEvaluatedKey } = await queryFrom(query, next, Math.max(limit + 1, 100));
    read += Items.length;
    for (const item of Items as Item[]) {
      const matching = match(item);
      if (matching !== undefined) {
        items.push(matching);
        bytes += maxBytes === Number.POSITIVE_INFINITY ? 0 : JSON.stringify(matching).length;
      }
      const isLast = item === Items.at(-1) && LastEvaluatedKey === undefined;
      if (items.length === limit || bytes > maxBytes)
        return isLast ? { items } : { items, nextCursor: encodeCursor(markOf(query), positionOf(item)) };
    }
    if (LastEvaluatedKey !== undefined && read >= maxItemsRead) {
      return { items, nextCursor: encodeCursor(markOf(query), positionOf(Items.at(-1) as Item)) };
    }
    next = LastEvaluatedKey;
  } while (next !== undefined);
  return { items };
};

const queryFrom = async (query: QueryCommandInput, start: Record<string, unknown> | undefined, Limit: number) => {
  try {
    return await reader().send(new QueryCommand({ ...query, Limit, ExclusiveStartKey: start }));
  } catch (error) {
    // DynamoDB refuses a start key outside the query: the cursor is from another list, or forged.
    if (start !== undefined && error instanceof Error && error.name === 'ValidationException') throw foreignCursor();
    throw error;
  }
};

/** Every item of a query, in order. */
export async function* queryAll(query: QueryCommandInput): AsyncGenerator<Item> {
  let next: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await reader().send(
      new QueryCommand({ ...query, ExclusiveStartKey: next }),
    );
    yield* Items as Item[];
    next = LastEvaluatedKey;
  } while (next !== undefined);
}
