import middy from '@middy/core';
import * as z from 'zod';
import { subjectSchema } from '#core/contract/model/operation.ts';
import { namedAndLogged } from './logged.ts';
import { type Log, logFor } from './telemetry.ts';

/** What a workflow passes to each of its tasks; whatever else there is to know is in the operation's record. */
const taskInput = z.object({
  operationId: z.string(),
  subject: subjectSchema,
  requestId: z.string(),
  /** How often this task was tried before. */
  attempt: z.int().min(0),
  /** The ARN of the execution whose work is to be undone, for the tasks of a roll-back. */
  failedExecution: z.string().optional(),
  failure: z.object({ Error: z.string(), Cause: z.string().optional() }).optional(),
});
export type TaskInput = z.infer<typeof taskInput>;

/** The stack of every function that a workflow calls. */
export const task = <Result>(name: string, work: (input: TaskInput, log: Log) => Promise<Result>) => {
  const logOf = (event: unknown) => logFor({ function: name, ...knownIds.parse(event) });
  return middy<unknown, Result>()
    .use(namedAndLogged(logOf))
    .handler(async (event: unknown) => {
      const input = taskInput.parse(event);
      const log = logOf(input);
      const result = await work(input, log);
      log.info(`${name} done`, { attempt: input.attempt });
      return result;
    });
};

/** The ids of an input, whatever else may be wrong with it. */
const knownIds = z
  .object({ operationId: z.string(), requestId: z.string(), subject: subjectSchema })
  .partial()
  .catch({})
  .transform(({ requestId = '', subject, ...ids }) => ({
    requestId,
    ...ids,
    ...(subject?.type === 'tenant' && { tenantId: subject.id }),
  }));
