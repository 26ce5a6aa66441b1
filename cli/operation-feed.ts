import { setTimeout } from 'node:timers/promises';
import { type ApiClient, ProblemError } from '#core/contract/api/client.ts';
import type { Operation } from '#core/contract/model/operation.ts';

const firstPauseMs = 200;
const longestPauseMs = 2_000;
const mostRefusalsInARow = 5;

const isPassing = (error: unknown) => error instanceof ProblemError && (error.status === 429 || error.status === 503);

/** What is known of an operation, read again and again at growing intervals for as long as it runs. */
export function operationFeed(api: ApiClient, operationId: string) {
  let pauseMs = firstPauseMs;
  let refusals = 0;
  let seen: Operation | undefined;

  async function read(): Promise<Operation | undefined> {
    try {
      const { body } = await api.call('getOperation', { params: { operation: operationId } });
      refusals = 0;
      return body;
    } catch (error) {
      refusals += 1;
      if (isPassing(error) && refusals < mostRefusalsInARow) return undefined;
      throw error;
    }
  }

  async function until(reached: (operation: Operation) => boolean) {
    for (;;) {
      const operation = seen ?? (await read());
      seen = undefined;
      if (operation && (operation.status !== 'running' || reached(operation))) return operation;
      await setTimeout(pauseMs);
      pauseMs = Math.min(longestPauseMs, pauseMs * 1.2);
    }
  }

  return {
    /** The operation as it is, of whatever kind, once the API has time to tell; whoever follows it begins with this. */
    async now() {
      seen = await until(() => true);
      return seen;
    },

    /** The operation as soon as `reached` holds of it or it has ended. */
    until,
  };
}

export type OperationFeed = ReturnType<typeof operationFeed>;
