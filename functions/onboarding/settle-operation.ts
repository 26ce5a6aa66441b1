import { z } from 'zod';
import { type BusEvent, onEvent } from '#functions/shell/event.ts';
import type { Log } from '#functions/shell/telemetry.ts';
import { findOperation } from '#stores/tenant-registry.ts';
import { settle } from './settle.ts';
import { turnOf } from './turns.ts';

const executionEnded = z.object({ name: z.string() });

/** Brings the record of an operation to its end when its workflow has ended, however it ended. */
export const settleOperation = async (event: BusEvent, log: Log): Promise<void> => {
  const operation = await findOperation(executionEnded.parse(event.detail).name);
  if (operation?.status === 'running') await settle(operation, turnOf(event), log);
};

export const handler = onEvent('settle-operation', settleOperation);
