import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useSession } from '#console/session/session.tsx';
import type { CallOptions } from '#core/contract/api/client.ts';
import type { Answer, OperationId } from '#core/contract/api/routes.ts';

interface List<T> {
  items: T[];
  nextCursor?: string | undefined;
}
/** Operations that return one page of a list. */
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
  /** The current page, from 1. */
  page: number;
  /** The cursor of the page; the first page has none. */
  cursor: string | undefined;
  /** The number of known pages; `isOpen` if there are more. */
  count: number;
  isOpen: boolean;
  goTo: (page: number) => void;
}

/** A list with cursor pagination: a page that was loaded stays stable while items are added. */
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
    // A page must not change because the window regains focus.
    refetchOnWindowFocus: false,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const [page, setPage] = useState(1);
  const key = JSON.stringify([id, options]);
  useEffect(() => setPage(1), [key]);

  // A page may be empty although more follow, since the API examines a limited number of items per page.
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
