import { setTimeout } from 'node:timers/promises';
import { type ApiClient, ProblemError } from '#core/contract/api/client.ts';
import type { Answer } from '#core/contract/api/routes.ts';
import type { FlagChangeOperation } from '#core/contract/model/flag-changes.ts';
import type { Operation } from '#core/contract/model/operation.ts';

const firstPauseMs = 200;
const longestPauseMs = 2_000;
const maxConsecutiveFailures = 5;

const isTransient = (error: unknown) => error instanceof ProblemError && (error.status === 429 || error.status === 503);

/** Polls an operation at growing intervals until it ends. */
export function operationFeed(api: ApiClient, operationId: string) {
  let pauseMs = firstPauseMs;
  let failures = 0;
  let seen: Answer<'getOperation'> | undefined;

  async function read(): Promise<Answer<'getOperation'> | undefined> {
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

  async function until(reached: (operation: Answer<'getOperation'>) => boolean) {
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

    /** A tenant's operation, once `reached` is true for it or it has ended. */
    until: async (reached: (operation: Operation) => boolean) =>
      ofTenant(await until((operation) => reached(ofTenant(operation)))),

    /** A flag change, once `reached` is true for it or it has ended. */
    untilChange: async (reached: (change: FlagChangeOperation) => boolean) =>
      ofFlags(await until((operation) => reached(ofFlags(operation)))),
  };
}
/** An operation never changes its kind. */
function ofTenant(operation: Answer<'getOperation'>): Operation {
  if (operation.kind === 'flag-change') throw new Error(`Operation ${operation.id} is a flag change.`);
  return operation;
}

function ofFlags(operation: Answer<'getOperation'>): FlagChangeOperation {
  if (operation.kind !== 'flag-change') throw new Error(`Operation ${operation.id} is not a flag change.`);
  return operation;
}

export type OperationFeed = ReturnType<typeof operationFeed>;
