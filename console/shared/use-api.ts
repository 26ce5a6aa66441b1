import {
  type UseMutationResult,
  type UseQueryOptions,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useSession } from '#console/session/session.tsx';
import type { CallOptions, Reply } from '#core/contract/api/client.ts';
import type { Answer, OperationId } from '#core/contract/api/routes.ts';

type Extra<T> = Pick<UseQueryOptions<T>, 'enabled' | 'refetchInterval'>;

/** What the API answers to a read: kept for a moment, asked again by `refetchInterval` (ms) where that is given. */
export function useAnswer<Id extends OperationId>(id: Id, options: CallOptions<Id>, extra: Extra<Answer<Id>> = {}) {
  const { api } = useSession();
  return useQuery<Answer<Id>>({
    queryKey: [id, options],
    queryFn: async ({ signal }) => (await api.call(id, { ...options, signal })).body,
    ...extra,
  });
}

/** A change by the API; once it is made, all that was read before is read anew. */
export function useChange<Id extends OperationId>(id: Id): UseMutationResult<Reply<Id>, Error, CallOptions<Id>> {
  const { api } = useSession();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (options: CallOptions<Id>) => api.call(id, options),
    // Not waited for: what is read anew may take away the very button that asked.
    onSettled: () => {
      void queries.invalidateQueries();
    },
  });
}
