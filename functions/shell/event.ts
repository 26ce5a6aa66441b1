import middy from '@middy/core';
import type { EventBridgeEvent } from 'aws-lambda';
import { namedAndLogged } from './logged.ts';
import { type Log, logFor } from './telemetry.ts';

export type BusEvent = EventBridgeEvent<string, unknown>;

/** The handler of every function called by a rule of the event bus; an error makes the event be delivered again. */
export const onEvent = (name: string, work: (event: BusEvent, log: Log) => Promise<void>) => {
  const logOf = (event: BusEvent) => logFor({ function: name, requestId: event.id });
  return middy<BusEvent, void>()
    .use(namedAndLogged(logOf))
    .handler(async (event: BusEvent) => {
      const log = logOf(event);
      await work(event, log);
      log.info(`${name} done`, { detailType: event['detail-type'] });
    });
};
