import { QueryClient } from '@tanstack/react-query';
import { ProblemError } from '#core/contract/api/client.ts';

const isTransient = (error: unknown) => !(error instanceof ProblemError) || error.status === 429 || error.status >= 503;

/** The cache of API responses of this session. Transient errors are retried twice; refusals are final. */
export const newAnswers = () =>
  new QueryClient({
    defaultOptions: {
      queries: {
        retry: (failures, error) => failures < 2 && isTransient(error),
        staleTime: 2_000,
      },
    },
  });
