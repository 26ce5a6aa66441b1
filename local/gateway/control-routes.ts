import * as z from 'zod';
import type { FaultRegistry } from '#local/aws/lambda/faults.ts';
import { parsedInput } from '#local/aws/lambda/input.ts';
import type { VirtualClock } from '#local/clock.ts';
import type { Tokens } from '#local/tokens.ts';
import type { ControlTable } from './control.ts';

interface Controlled {
  tokens: Tokens;
  faults: FaultRegistry;
  clock: VirtualClock;
}

/** Ten years: beyond what anything here waits for. */
const maxAdvanceSeconds = 315_360_000;
const advanceSchema = z.strictObject({ advanceSeconds: z.number().min(0).max(maxAdvanceSeconds) });

/** Control routes for trying out the system: tokens, faults and the clock. */
export function controlTable({ tokens, faults, clock }: Controlled): ControlTable {
  const time = () => ({ now: new Date(clock.now()).toISOString() });
  return {
    'POST /_local/token': async (input) => ({ token: await tokens.issue(input) }),
    'GET /_local/.well-known/jwks.json': () => tokens.jwks,
    'GET /_local/faults': () => ({ items: faults.list() }),
    'POST /_local/faults': (input) => faults.add(input),
    'DELETE /_local/faults': () => faults.clear(),
    'GET /_local/clock': time,
    'POST /_local/clock': async (input) => {
      await clock.advance(parsedInput(advanceSchema, input).advanceSeconds);
      return time();
    },
  };
}
