import * as z from 'zod';
import { type BusEvent, onEvent } from '#functions/shell/event.ts';
import type { Log } from '#functions/shell/telemetry.ts';
import { findOperation } from '#stores/registry/tenants.ts';
import { runKey } from './run-key.ts';
import { settle } from './settle.ts';

/** `input` is the JSON that the execution was started with. */
const executionEnded = z.object({ name: z.string(), input: z.string() });
const executionInput = z.object({ tenantId: z.string() });

/** Brings the record of an operation to its end when its workflow has ended, however it ended. */
export const settleOperation = async (event: BusEvent, log: Log): Promise<void> => {
  const { name: operationId, input } = executionEnded.parse(event.detail);
  const { tenantId } = executionInput.parse(JSON.parse(input));
  const operation = await findOperation(operationId, tenantId);
  if (operation?.status === 'running') await settle(operation, runKey(event), log);
};

export const handler = onEvent('settle-operation', settleOperation);
