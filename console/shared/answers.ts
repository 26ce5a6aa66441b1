import { QueryClient } from '@tanstack/react-query';
import { ProblemError } from '#core/contract/api/client.ts';

const isTransient = (error: unknown) => !(error instanceof ProblemError) || error.status === 429 || error.status >= 503;

/** What the API answered lately to whoever is signed in. A refusal is final; what is transient is asked again, twice. */
export const newAnswers = () =>
  new QueryClient({
    defaultOptions: {
      queries: {
        retry: (failures, error) => failures < 2 && isTransient(error),
        staleTime: 2_000,
      },
    },
  });
