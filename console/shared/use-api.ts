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

/** Reads from the API; cached briefly, and polled if `refetchInterval` (ms) is given. */
export function useAnswer<Id extends OperationId>(id: Id, options: CallOptions<Id>, extra: Extra<Answer<Id>> = {}) {
  const { api } = useSession();
  return useQuery<Answer<Id>>({
    queryKey: [id, options],
    queryFn: async ({ signal }) => (await api.call(id, { ...options, signal })).body,
    ...extra,
  });
}

/** Changes something by the API, and then invalidates all cached reads. */
export function useChange<Id extends OperationId>(id: Id): UseMutationResult<Reply<Id>, Error, CallOptions<Id>> {
  const { api } = useSession();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (options: CallOptions<Id>) => api.call(id, options),
    // Not awaited: the reload may unmount the button that started the change.
    onSettled: () => {
      void queries.invalidateQueries();
    },
  });
}
