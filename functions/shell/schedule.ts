import middy from '@middy/core';
import type { ScheduledEvent } from 'aws-lambda';
import { namedAndLogged } from './logged.ts';
import { type Log, logFor } from './telemetry.ts';

/** The handler of every function called by a schedule. */
export const onSchedule = (name: string, work: (event: ScheduledEvent, log: Log) => Promise<void>) => {
  const logOf = (event: ScheduledEvent) => logFor({ function: name, requestId: event.id });
  return middy<ScheduledEvent, void>()
    .use(namedAndLogged(logOf))
    .handler((event: ScheduledEvent) => work(event, logOf(event)));
};
