import { z } from 'zod';
import { type BusEvent, onEvent } from '#functions/shell/event.ts';
import type { Log } from '#functions/shell/telemetry.ts';
import { startRollBack } from '#stores/executions.ts';
import { findOperation } from '#stores/tenant-registry.ts';
import { turnOf } from './turns.ts';

const executionEnded = z.object({ name: z.string(), status: z.string() });

/** Starts the roll-back that a stopped, timed-out or broken workflow could not run itself. */
export const recoverOperation = async (event: BusEvent, log: Log): Promise<void> => {
  const { name: operationId, status } = executionEnded.parse(event.detail);
  const operation = await findOperation(operationId);
  if (operation?.status !== 'running') return;
  log.warn(`the workflow of a running operation ended as ${status}; it is rolled back`, { ...operation });
  const { tenantId, requestId } = operation;
  await startRollBack({ tenantId, operationId, requestId }, turnOf(event));
};

export const handler = onEvent('recover-operation', recoverOperation);
