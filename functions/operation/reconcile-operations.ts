import type { ScheduledEvent } from 'aws-lambda';
import { onSchedule } from '#functions/shell/schedule.ts';
import type { Log } from '#functions/shell/telemetry.ts';
import { openOperations } from '#stores/registry/operations.ts';
import { runKey } from './run-key.ts';
import { settle } from './settle.ts';

/**
 * Every minute: settles the operations that nobody works on any more, of every kind. One that cannot be settled holds
 * up no other; the first error is rethrown at the end.
 */
export const reconcileOperations = async (event: ScheduledEvent, log: Log): Promise<void> => {
  const errors: unknown[] = [];
  for (const status of ['running', 'rollback-failed'] as const) {
    for await (const operation of openOperations(status)) {
      try {
        await settle(operation, { runKey: runKey(event), mayRestart: true, log });
      } catch (error) {
        const { id: operationId } = operation;
        log.error('the operation could not be settled', { operationId, error: String(error) });
        errors.push(error);
      }
    }
  }
  if (errors.length > 0) throw errors[0];
};

export const handler = onSchedule('reconcile-operations', reconcileOperations);
