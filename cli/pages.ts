/** What a list gives: `nextCursor` tells that there is more. */
interface Page<Item> {
  items: Item[];
  nextCursor?: string | undefined;
}

/** The API gives at most this many items at a time. */
const largestPage = 200;

/** Reads pages until `limit` items are there or the list ends. */
export async function collect<Item>(
  limit: number,
  readPage: (page: { limit: number; cursor: string | undefined }) => Promise<{ body: Page<Item> }>,
): Promise<Page<Item>> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const { body } = await readPage({ limit: Math.min(largestPage, limit - items.length), cursor });
    items.push(...body.items);
    cursor = body.nextCursor;
  } while (cursor !== undefined && items.length < limit);
  return cursor === undefined ? { items } : { items, nextCursor: cursor };
}
