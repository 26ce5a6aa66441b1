import middy from '@middy/core';
import * as z from 'zod';
import { namedAndLogged } from './logged.ts';
import { type Log, logFor } from './telemetry.ts';

/** What a workflow hands to each of its tasks. */
const taskInput = z.object({
  tenantId: z.string(),
  operationId: z.string(),
  requestId: z.string(),
  /** How often this task was tried before. */
  attempt: z.int().min(0),
  /** The ARN of the execution that calls. */
  execution: z.string(),
  /** The ARN of the execution whose work is to be undone, for the tasks of a roll-back. */
  failedExecution: z.string().optional(),
  failure: z.object({ Error: z.string(), Cause: z.string().optional() }).optional(),
});
export type TaskInput = z.infer<typeof taskInput>;

/** The stack of every function that a workflow calls. */
export const task = (name: string, work: (input: TaskInput, log: Log) => Promise<void>) => {
  const logOf = (event: unknown) => logFor({ function: name, ...knownIds.parse(event) });
  return middy<unknown, void>()
    .use(namedAndLogged(logOf))
    .handler(async (event: unknown) => {
      const input = taskInput.parse(event);
      const log = logOf(input);
      await work(input, log);
      log.info(`${name} done`, { attempt: input.attempt });
    });
};

/** What the workflow of a flag change hands to its task: whatever else there is to know stands in the table. */
const flagTaskInput = z.object({ operationId: z.string(), requestId: z.string(), flagSetVersion: z.int() });
export type FlagTaskInput = z.infer<typeof flagTaskInput>;

/** The stack of a function that a workflow of the whole fleet calls: no tenant is its subject. */
export const fleetTask = <Result>(name: string, work: (input: FlagTaskInput, log: Log) => Promise<Result>) => {
  const logOf = (event: unknown) => logFor({ function: name, ...knownIds.parse(event) });
  return middy<unknown, Result>()
    .use(namedAndLogged(logOf))
    .handler((event: unknown) => work(flagTaskInput.parse(event), logOf(event)));
};

/** The ids of an input, whatever else may be wrong with it. */
const knownIds = z
  .object({ tenantId: z.string(), operationId: z.string(), requestId: z.string() })
  .partial()
  .catch({})
  .transform(({ requestId = '', ...ids }) => ({ requestId, ...ids }));
