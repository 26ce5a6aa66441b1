import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useSession } from '#console/session/session.tsx';
import type { CallOptions } from '#core/contract/api/client.ts';
import type { Answer, OperationId } from '#core/contract/api/routes.ts';

interface List<T> {
  items: T[];
  nextCursor?: string | undefined;
}
/** Operations that answer with one page of a list. */
type ListOperation = {
  [Id in OperationId]: Answer<Id> extends List<unknown> ? Id : never;
}[OperationId];
type ItemOf<Id extends ListOperation> = Answer<Id> extends List<infer T> ? T : never;

export interface Pages<T> {
  items: readonly T[];
  isLoading: boolean;
  isFetching: boolean;
  error: Error | null;
  refetch: () => void;
  /** From 1. */
  page: number;
  /** Where the page begins; the first has none. */
  cursor: string | undefined;
  /** How many pages are known so far; `isOpen`: there are more. */
  count: number;
  isOpen: boolean;
  goTo: (page: number) => void;
}

/** A list by its cursors: a page once seen stays as it is, whatever is added meanwhile. */
export function usePages<Id extends ListOperation>(id: Id, options: CallOptions<Id>, limit = 50): Pages<ItemOf<Id>> {
  const { api } = useSession();
  const list = useInfiniteQuery({
    queryKey: [id, options, limit],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) => {
      const query = { ...options.query, limit, cursor: pageParam };
      const { body } = await api.call(id, { ...options, query, signal });
      return body as List<ItemOf<Id>>;
    },
    // What is being read does not change because somebody looked elsewhere for a moment.
    refetchOnWindowFocus: false,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const [page, setPage] = useState(1);
  const key = JSON.stringify([id, options]);
  useEffect(() => setPage(1), [key]);

  // A page may be empty though more follow: the API looks at a bounded number of items for one.
  const filled = (list.data?.pages ?? [])
    .map(({ items }, index, all) => ({ items, cursor: all[index - 1]?.nextCursor }))
    .filter(({ items }, index, { length }) => items.length > 0 || (index === 0 && length === 1));
  const shown = filled[Math.min(page, filled.length) - 1];
  const { hasNextPage, isFetching, fetchNextPage } = list;
  const wanted = page > filled.length || (filled[page - 1]?.items.length ?? 0) === 0;
  useEffect(() => {
    if (wanted && hasNextPage && !isFetching) void fetchNextPage();
  }, [wanted, hasNextPage, isFetching, fetchNextPage]);

  return {
    items: shown?.items ?? [],
    isLoading: list.isPending || (wanted && hasNextPage),
    isFetching,
    error: list.error,
    refetch: () => void list.refetch(),
    page,
    cursor: shown?.cursor,
    count: Math.max(1, filled.length),
    isOpen: hasNextPage,
    goTo: setPage,
  };
}
