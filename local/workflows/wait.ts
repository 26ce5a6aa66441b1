import * as z from 'zod';
import type { VirtualClock } from '#local/clock.ts';

/** What `waitAsTask` hands over: the state's own input, and either form of its end. */
const waitSchema = z.object({
  input: z.json(),
  seconds: z.number().min(0).optional(),
  timestamp: z.iso.datetime({ offset: true }).optional(),
});

/** Waits on the virtual clock, or until `stopped` rejects; gives the state's input back. */
export async function waited(parameters: unknown, clock: VirtualClock, stopped: Promise<never>) {
  const { input, seconds = 0, timestamp } = waitSchema.parse(parameters);
  const end = timestamp === undefined ? clock.now() + seconds * 1000 : Date.parse(timestamp);
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = clock.at(end, resolve);
  try {
    await Promise.race([promise, stopped]);
  } finally {
    timer.cancel();
  }
  return input;
}
