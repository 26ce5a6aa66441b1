import { setTimeout } from 'node:timers/promises';
import { type ApiClient, ProblemError } from '#core/contract/client.ts';
import type { Operation } from '#core/contract/operation.ts';

const firstPauseMs = 200;
const longestPauseMs = 2_000;
const mostRefusalsInARow = 5;

const isPassing = (error: unknown) => error instanceof ProblemError && (error.status === 429 || error.status === 503);

/** What is known of an operation, read again and again at growing intervals for as long as it runs. */
export function operationFeed(api: ApiClient, operationId: string) {
  let pauseMs = firstPauseMs;
  let refusals = 0;

  async function read(): Promise<Operation | undefined> {
    try {
      const { body } = await api.call('getOperation', { params: { operation: operationId } });
      refusals = 0;
      if (body.kind === 'flag-change') throw new Error(`Operation ${operationId} is a change of flags.`);
      return body;
    } catch (error) {
      refusals += 1;
      if (isPassing(error) && refusals < mostRefusalsInARow) return undefined;
      throw error;
    }
  }

  return {
    /** The operation as soon as `reached` holds of it or it has ended. */
    async until(reached: (operation: Operation) => boolean): Promise<Operation> {
      for (;;) {
        const operation = await read();
        if (operation && (operation.status !== 'running' || reached(operation))) return operation;
        await setTimeout(pauseMs);
        pauseMs = Math.min(longestPauseMs, pauseMs * 1.2);
      }
    },
  };
}
export type OperationFeed = ReturnType<typeof operationFeed>;
