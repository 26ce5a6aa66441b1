import { setTimeout } from 'node:timers/promises';
import { type ApiClient, ProblemError } from '#core/contract/api/client.ts';
import type { Operation } from '#core/contract/model/operation.ts';

const firstPauseMs = 200;
const longestPauseMs = 2_000;
const maxConsecutiveFailures = 5;

const isTransient = (error: unknown) => error instanceof ProblemError && (error.status === 429 || error.status === 503);

/** Polls an operation at growing intervals until it ends. */
export function operationFeed(api: ApiClient, operationId: string) {
  let pauseMs = firstPauseMs;
  let failures = 0;
  let seen: Operation | undefined;

  async function read(): Promise<Operation | undefined> {
    try {
      const { body } = await api.call('getOperation', { params: { operation: operationId } });
      failures = 0;
      return body;
    } catch (error) {
      failures += 1;
      if (isTransient(error) && failures < maxConsecutiveFailures) return undefined;
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
    /** The operation's current state; the next `until` starts from it. */
    async now() {
      seen = await until(() => true);
      return seen;
    },

    /** The operation, once `reached` is true for it or it has ended. */
    until,
  };
}

export type OperationFeed = ReturnType<typeof operationFeed>;
