import * as z from 'zod';
import { subjectSchema } from '#core/contract/model/operation.ts';
import { type BusEvent, onEvent } from '#functions/shell/event.ts';
import type { Log } from '#functions/shell/telemetry.ts';
import { findOperation } from '#stores/registry/operations.ts';
import { runKey } from './run-key.ts';
import { settle } from './settle.ts';

/** `input` is the JSON that the execution was started with. */
const executionEnded = z.object({ input: z.string() });
const executionInput = z.object({ operationId: z.string(), subject: subjectSchema });

/** Brings the record of an operation to its end when its workflow has ended, however it ended. */
export const settleOperation = async (event: BusEvent, log: Log): Promise<void> => {
  const { input } = executionEnded.parse(event.detail);
  const { operationId, subject } = executionInput.parse(JSON.parse(input));
  const operation = await findOperation(operationId, subject);
  if (operation?.status === 'running') await settle(operation, { runKey: runKey(event), mayRestart: false, log });
};

export const handler = onEvent('settle-operation', settleOperation);
