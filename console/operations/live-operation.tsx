import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useAnswer } from '#console/shared/use-api.ts';
import type { Operation } from '#core/contract/model/operation.ts';
import { OperationCard } from './operation-card.tsx';

/** Polls a running operation twice a second, so that each step can be seen. */
const pollMs = 500;

/** An operation that was read before; while it runs it is shown live. */
export const LiveOperation = ({ listed }: { listed: Operation }) => {
  const queries = useQueryClient();
  const isRunning = listed.status === 'running';
  const { data } = useAnswer(
    'getOperation',
    { params: { operation: listed.id } },
    {
      enabled: isRunning,
      refetchInterval: ({ state }) => ((state.data ?? listed).status === 'running' ? pollMs : false),
    },
  );
  // Its end may have changed everything else that is shown of its subject.
  const hasJustEnded = isRunning && data !== undefined && data.status !== 'running';
  useEffect(() => {
    if (hasJustEnded) void queries.invalidateQueries();
  }, [hasJustEnded, queries]);
  return <OperationCard operation={isRunning && data ? data : listed} />;
};
