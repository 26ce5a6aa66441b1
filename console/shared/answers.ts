import { QueryClient } from '@tanstack/react-query';
import { ProblemError } from '#core/contract/client.ts';

const isTransient = (error: unknown) => !(error instanceof ProblemError) || error.status === 429 || error.status >= 503;

/** What the API answered lately. A refusal is final; only what is transient is asked again, twice. */
export const answers = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (failures, error) => failures < 2 && isTransient(error),
      staleTime: 2_000,
    },
  },
});
