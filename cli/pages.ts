/** One page of a list; a `nextCursor` means that there are more. */
interface Page<Item> {
  items: Item[];
  nextCursor?: string | undefined;
}

/** The API's maximum page size. */
const maxPageSize = 200;

/** Reads pages until there are `limit` items or the list ends. */
export async function collect<Item>(
  limit: number,
  readPage: (page: { limit: number; cursor: string | undefined }) => Promise<{ body: Page<Item> }>,
): Promise<Page<Item>> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const { body } = await readPage({ limit: Math.min(maxPageSize, limit - items.length), cursor });
    items.push(...body.items);
    cursor = body.nextCursor;
  } while (cursor !== undefined && items.length < limit);
  return cursor === undefined ? { items } : { items, nextCursor: cursor };
}
